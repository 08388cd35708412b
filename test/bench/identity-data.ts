/** Accounts for the resolve benches, made inside the engine: five channels, people with some accounts each, family phones. */
import { join, p, raw, type Store, sql } from '../../store/index.ts';

/** A commit holds this many accounts. */
const COMMIT = 5_000;

const token = (type: string, of: string) => `reinterpretAsUInt128(sipHash128('${type}', ${of}))`;

/** Own key of each of the five channels: type and scope. */
const TYPES = "['ouid', 'openid', 'card_no', 'member_no', 'douyin_open_id']";
const SCOPES = "['shop-1', 'wx-app-1', 'till', 'club', 'dy-shop-1']";

/**
 * Accounts of ordinals from + 1 … from + count over `persons` people, who have at most one a channel, but 3 in 100 a
 * second one. 90 % give a phone: one in 1,000 accounts a cashier's, one in 50 a family's; one in four an e-mail, WeChat
 * accounts a unionid. About 2.35 identifiers an account, 1.8 of them distinct.
 */
export async function addAccounts(store: Store, of: { from: number; count: number; persons: number }): Promise<void> {
  const numbers = sql`numbers(${p('UInt64', of.from)}, ${p('UInt64', of.count)})`;
  const person = sql`if(cityHash64(number, 'second') % 100 < 3, cityHash64(number, 'person'),
    intDiv(number, 5) * 7919 + (number % 5) * 104729) % ${p('UInt64', of.persons)}`;
  const at = raw("toDateTime64('2024-01-01 00:00:00', 3, 'UTC')");
  const source = raw("concat('source-', toString(number % 5))");
  const seq = sql`intDiv(number, ${p('UInt32', COMMIT)}) + 1`;
  const columns = raw(
    '(account_ordinal, source, kind, record_id, seen_at, id_type, id_scope, id_token, id_strength, commit_seq, version, deleted)',
  );
  await store.run(sql`
    INSERT INTO accounts SELECT ${raw(token('account', 'number'))}, number + 1, ${source}, 'pos', ${raw(TYPES)}[number % 5 + 1], ${at}
    FROM ${numbers}`);
  await store.run(sql`
    INSERT INTO account_records ${columns}
    SELECT number + 1, ${source}, 'account', ${raw(token('record', "number, 'account'"))}, ${at},
           [${raw(TYPES)}[number % 5 + 1]], [${raw(SCOPES)}[number % 5 + 1]], [${raw(token('own', 'number'))}], ['verified'],
           ${seq}, 1, 0
    FROM ${numbers}`);
  await store.run(sql`
    INSERT INTO account_records ${columns}
    WITH ${person} AS person, cityHash64(number, 'chance') AS chance, ${gives()} AS gives
    SELECT number + 1, ${source}, 'membership', ${raw(token('record', 'number'))},
           ${at} + cityHash64(number, 'seen') % 60000000, gives.1, gives.2, gives.3, gives.4, ${seq}, 2, 0
    FROM ${numbers}`);
  const added = sql`account_ordinal > ${p('UInt32', of.from)} AND account_ordinal <= ${p('UInt32', of.from + of.count)}`;
  await store.run(sql`
    INSERT INTO identifier_index SELECT arrayJoin(id_token), account_ordinal FROM account_records WHERE ${added}`);
  await store.run(sql`INSERT INTO commits (commit_seq) SELECT max(commit_seq) FROM account_records`);
}

/** Array of (type, scope, token, strength) that the account's person gives. */
function gives() {
  const phone = `multiIf(chance % 1000 = 0, ${token('phone', "'cashier', chance % 7")}, chance % 50 = 1, ${token('phone', "'family', intDiv(person, 2)")}, ${token('phone', 'toString(person)')})`;
  const parts = [
    `if(intDiv(chance, 1000) % 10 < 9, [('phone', '', ${phone}, if(chance % 3 = 0, 'verified', 'stated'))], [])`,
    `if(number % 5 = 1, [('unionid', 'wx-account-1', ${token('unionid', 'person')}, 'verified')], [])`,
    `if(intDiv(chance, 100) % 4 = 0, [('email', '', ${token('email', 'person')}, 'stated')], [])`,
  ];
  return sql`arrayConcat(${join(parts.map(raw), ', ')})`;
}
