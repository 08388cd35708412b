import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { SourceFault } from '../../../../ingest/collectors/collector.ts';
import { sftpCollector } from '../../../../ingest/collectors/sftp/index.ts';
import { fileOf } from '../files/folder.ts';
import { LOGIN, type Server, withServer } from './server.ts';

const HEADER = '会员卡号,手机号,姓名';
const members = (count: number, prefix = 'A') =>
  `${[HEADER, ...Array.from({ length: count }, (_, n) => `${prefix}${n},${13900010001 + n * 37},王小明`)].join('\n')}\n`;

async function faultOf(pull: Promise<unknown>): Promise<SourceFault> {
  const thrown: unknown = await pull.then(
    () => null,
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof SourceFault, String(thrown));
  return thrown;
}

describe('the host key of an SFTP server', () => {
  it('is told with its fingerprint and trusted by nobody when none is pinned', () =>
    withServer({ settings: { host_key: undefined } }, async (server) => {
      server.put('a.csv', members(1));
      const fault = await faultOf(server.pull());
      const given = /SHA256:[A-Za-z0-9+/]{43}/.exec(fault.message)?.[0];
      assert.deepEqual([fault.kind, server.simulator.stats.connections], ['misconfigured', 1]);
      assert.match(fault.message, /ssh-ed25519.*none is pinned/);
      const { settings } = server.source;
      Object.assign(server.source, { settings: { ...settings, host_key: given } });
      assert.equal((await server.pull()).items.length, 1, 'what was told is what is to be pinned');
    }));

  it('is told beside the pinned one when it is another, and no password is sent', () =>
    withServer({}, async (server) => {
      server.simulator.misbehave('wrong-signature', 1);
      const fault = await faultOf(server.pull());
      assert.equal(fault.kind, 'misconfigured');
      assert.equal(fault.message.match(/SHA256:[A-Za-z0-9+/]{43}/g)?.length, 2);
      assert.ok(fault.message.includes(server.source.settings.host_key!));
      assert.equal(server.simulator.stats.logins, 0);
    }));
});

describe('the login at an SFTP server', () => {
  const client = ssh2.utils.generateKeyPairSync('ed25519', {
    passphrase: 'secret words',
    cipher: 'aes256-ctr',
    rounds: 16,
  });

  it('is by a private key with its passphrase', () =>
    withServer(
      {
        server: { publicKey: client.public },
        settings: { password: undefined, private_key: client.private, passphrase: 'secret words' },
      },
      async (server) => {
        server.put('a.csv', members(2));
        assert.equal((await server.pull()).items.length, 2);
      },
    ));

  it('is by the password where the server asks for it in words', () =>
    withServer({ server: { prompts: true } }, async (server) => {
      server.put('a.csv', members(2));
      assert.equal((await server.pull()).items.length, 2);
    }));

  it('with a key that cannot be read is told before anybody is called', () =>
    withServer({ settings: { password: undefined, private_key: client.private } }, async (server) => {
      const fault = await faultOf(server.pull());
      assert.deepEqual([fault.kind, server.simulator.stats.connections], ['misconfigured', 0]);
    }));

  it('that is refused names the account and holds no secret', () =>
    withServer({ settings: { password: 'wrong horse' } }, async (server) => {
      const fault = await faultOf(server.pull());
      assert.equal(fault.kind, 'reauthorise');
      assert.match(fault.message, /quanyu/);
      assert.ok(!JSON.stringify([fault.message, fault.advice]).includes('horse'));
    }));
});

describe('a file on an SFTP server', () => {
  it('is read to its end over a line that drops again and again, as the same file of this machine is', async () => {
    const content = members(80_000);
    const local = await fileOf(content, { name: 'big.csv' });
    await withServer({}, async (server) => {
      server.put('big.csv', content);
      server.simulator.misbehave('half-a-body');
      server.simulator.dropAfter = 1_060_000;
      const { items } = await server.pull();
      assert.ok(server.simulator.stats.connections > 2);
      assert.deepEqual(
        items.map(({ key, payload }) => [key, payload]),
        local.items.map(({ key, payload }) => [key, payload]),
      );
      assert.ok(server.simulator.stats.bytes < content.length * 2.5, 'what was fetched is not fetched again');
    });
  });

  it('is waited for while it grows, whatever the server’s clock says', () =>
    withServer({}, async (server) => {
      const anHourBehind = () => new Date(server.at - 3_600_000);
      server.put('a.csv', members(1), anHourBehind());
      server.whileAsleep = () => server.put('a.csv', members(2), anHourBehind());
      const first = await server.pull();
      assert.deepEqual(first.items, []);
      server.whileAsleep = () => undefined;
      assert.equal((await server.pull(first.cursor)).items.length, 2);
    }));

  it('that is written while it is fetched is left to the next pull, and the others are read', () =>
    withServer({ settings: { completion: 'rename' } }, async (server) => {
      server.put('a.csv', members(1));
      server.put('b.csv', members(1, 'B'), new Date(server.at - 1000));
      const seen: string[] = [];
      const fault = await faultOf(
        (async () => {
          for await (const page of sftpCollector.pull(server.context())) {
            seen.push(...page.items.map(({ payload }) => payload));
            server.put('b.csv', members(5, 'B'), new Date(server.at));
          }
        })(),
      );
      assert.equal(fault.kind, 'later');
      assert.match(fault.message, /b\.csv .*shorter|b\.csv .*written/);
      assert.equal(seen.length, 1);
      assert.equal((await server.pull()).items.length, 6);
    }));

  it('is whole when its marker stands beside it, and is what its md5 says', () =>
    withServer({ settings: { completion: 'marker' } }, async (server) => {
      server.put('a.csv', members(1), new Date(server.at));
      assert.deepEqual((await server.pull()).items, []);
      server.put('a.csv.md5', `${'0'.repeat(32)}  a.csv`, new Date(server.at));
      assert.match((await faultOf(server.pull())).message, /a\.csv .*md5/);
    }));

  it('that lies in a subfolder or goes meanwhile is not read', () =>
    withServer({}, async (server) => {
      server.put('a.csv', members(1));
      server.put('old/b.csv', members(1));
      server.put('c.csv', members(1, 'C'), new Date(server.at - 60_000));
      server.whileAsleep = () => server.simulator.files.delete('/out/c.csv');
      const { items, cursor } = await server.pull();
      assert.equal(items.length, 1);
      const asked = server.at;
      assert.deepEqual((await server.pull(cursor)).items, []);
      assert.equal(server.at, asked, 'nothing is waited for when nothing is new');
    }));

  it('leaves no copy on this machine, neither while it is read nor after', async () => {
    const former = process.env.TMPDIR;
    const folder = await mkdtemp(join(tmpdir(), 'quanyu-copies-'));
    process.env.TMPDIR = folder;
    try {
      await withServer({}, async (server) => {
        server.put('a.csv', members(5000));
        const left: string[][] = [];
        for await (const _ of sftpCollector.pull(server.context())) left.push(await readdir(folder));
        assert.deepEqual([...left, await readdir(folder)], [[], [], [], []]);
      });
    } finally {
      if (former === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = former;
      await rm(folder, { recursive: true });
    }
  });
});

describe('a folder that an SFTP server has not', () => {
  it('is told, and looked for again', () =>
    withServer({ settings: { folder: '/nowhere' } }, async (server: Server) => {
      server.put('a.csv', members(1));
      const fault = await faultOf(server.pull());
      assert.deepEqual([fault.kind, LOGIN.username], ['later', 'quanyu']);
      assert.match(fault.message, /nowhere/);
    }));
});
