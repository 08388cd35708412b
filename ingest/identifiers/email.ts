/** An e-mail address: lower case, domain in punycode. Dots and +tags stay: only some providers ignore them. */
import { domainToASCII } from 'node:url';
import { maskEmail } from './mask.ts';
import { LONGEST_CELL, tidy } from './text.ts';
import type { IdentifierDefinition, Normalised } from './types.ts';

const LONGEST = 254;
const LONGEST_LOCAL = 64;
const LOCAL = /^[a-z0-9!#$%&'+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/;

/** Local parts that belong to a role, a machine or nobody. */
const NOBODY = new Set([
  ...[
    'test',
    'tester',
    'testing',
    'demo',
    'example',
    'sample',
    'user',
    'null',
    'none',
    'nil',
    'undefined',
    'anonymous',
  ],
  ...['admin', 'administrator', 'root', 'postmaster', 'webmaster', 'hostmaster', 'info', 'service', 'support', 'sales'],
  ...['noreply', 'no-reply', 'no_reply', 'donotreply', 'do-not-reply', 'mailer-daemon', 'abc', 'asdf', 'qwerty'],
]);
const JUNK_DOMAIN =
  /^(?:(?:.*\.)?(?:example|test|localhost|invalid)(?:\.(?:com|cn|net|org))?|a\.com|aa\.com|abc\.com)$/;
const ONE_CHARACTER = /^(.)\1*$/;
const COUNTING = '1234567890';

function isJunk(local: string, domain: string): boolean {
  if (NOBODY.has(local) || JUNK_DOMAIN.test(domain)) return true;
  if (local.length >= 3 && COUNTING.startsWith(local)) return true;
  return ONE_CHARACTER.test(local) && (local.length >= 3 || `${local}.com` === domain);
}

function refuse(reason: 'not-valid' | 'masked' | 'junk', expected: string): Normalised {
  return { ok: false, code: `email.${reason}`, expected };
}

function normalise(given: string): Normalised {
  const text =
    given.length > LONGEST_CELL
      ? ''
      : tidy(given)
          .toLowerCase()
          .replace(/^mailto:/, '');
  const [local = '', typedDomain = '', ...more] = text.replace(/^<|>$/g, '').split('@');
  if (local.includes('*') && typedDomain !== '') return refuse('masked', 'a whole address; this one is masked');
  const domain = domainToASCII(typedDomain);
  const value = `${local}@${domain}`;
  const wellFormed = more.length === 0 && local.length <= LONGEST_LOCAL && LOCAL.test(local) && DOMAIN.test(domain);
  if (!wellFormed || value.length > LONGEST) return refuse('not-valid', 'one address like name@domain.com');
  if (isJunk(local, domain)) return refuse('junk', 'the address of one person, not of a role or a made-up one');
  return { ok: true, values: [{ type: 'email', value, weak: false }] };
}

export const email: IdentifierDefinition = {
  type: 'email',
  scope: 'none',
  joins: true,
  title: { zh: '邮箱', en: 'E-mail address' },
  normalise,
  mask: maskEmail,
};
