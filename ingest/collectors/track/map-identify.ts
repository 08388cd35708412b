/** identify: who the person says they are. What programs leave out of a call is not taken back by it. */
import { createHash } from 'node:crypto';
import { readBirth, readGender, readIdentifier, readName } from '../../identifiers/index.ts';
import type { Mapped, PersonalValues, SourceItem, Traits } from '../../record.ts';
import { isObject, plainText } from '../kit/json.ts';
import { flatten } from './flatten.ts';
import type { Message } from './message.ts';
import { instantOf } from './moment.ts';
import type { TrackSettings } from './settings.ts';

/** Traits of Segment's spec that are read; all others are the brand's own. */
const READ = [
  ...['phone', 'email', 'name', 'firstName', 'lastName', 'username', 'address', 'gender', 'birthday', 'createdAt'],
  ...['first_name', 'last_name', 'created_at', 'avatar', 'id'],
];

type Given = Readonly<Record<string, unknown>>;

/** A row of the person for each set of traits: a call with fewer of them leaves what another said. */
export function mapIdentify(item: SourceItem, message: Message, settings: TrackSettings): Mapped {
  const { account, at } = message;
  const given = (message.given.traits ?? {}) as Given;
  const reach = reachOf(given, settings);
  const person = personOf(given, item.deliveredAt);
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !READ.includes(name)));
  const flat = flatten([['', own]], '/message/traits');
  const names = Object.keys(given)
    .filter((name) => given[name] !== null)
    .sort();
  const digest = createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16);
  const joined = instantOf(given.createdAt ?? given.created_at);
  return {
    records: [
      {
        kind: 'shop_customer',
        key: `${account.kind}/${account.key}/${digest}`,
        account,
        identifiers: [...message.identifiers, ...reach.identifiers],
        personal: { ...person.personal, ...reach.personal },
        traits: person.traits,
        modifiedAt: at,
        deleted: false,
        custom: flat.properties,
        fields: {
          grade: '',
          status: 'normal',
          trade_count: null,
          trade_amount_fen: null,
          last_trade_at: null,
          joined_at: joined === null ? null : new Date(joined),
        },
      },
    ],
    rejections: [...message.rejections, ...reach.rejections, ...person.rejections, ...flat.rejections],
  };
}

/** Anybody can send what the key of a browser allows: unless the key is secret, these are kept and join nobody. */
function reachOf(given: Given, { traits_join }: TrackSettings) {
  const strength = traits_join === true ? 'stated' : 'weak';
  const read = (['phone', 'email'] as const).map((type) =>
    readIdentifier({ path: `/message/traits/${type}`, type, scope: '', given: plainText(given[type]), strength }),
  );
  const identifiers = read.flatMap((one) => one.identifiers);
  const first = (type: string) => identifiers.find((one) => one.type === type)?.value;
  const [phone, email] = [first('phone'), first('email')];
  const personal: PersonalValues = { ...(phone ? { phone } : {}), ...(email ? { email } : {}) };
  return { identifiers, personal, rejections: read.flatMap((one) => one.rejections) };
}

function personOf(given: Given, now: Date) {
  const at = (name: string) => `/message/traits/${name}`;
  const parts = [given.firstName ?? given.first_name, given.lastName ?? given.last_name].map(plainText);
  const name = readName({ path: at('name'), given: plainText(given.name) || parts.join(' ').trim() });
  const gender = readGender({ path: at('gender'), given: plainText(given.gender), codes: {} });
  const birth = readBirth({ path: at('birthday'), given: plainText(given.birthday), now });
  const { address } = given;
  const place = isObject(address) ? address : {};
  const [province, city] = [plainText(place.state), plainText(place.city)];
  const lines = isObject(address)
    ? Object.values(address).map(plainText).filter(Boolean).join(' ')
    : plainText(address);
  const nickname = plainText(given.username);
  const personal: PersonalValues = {
    ...(name.name === null ? {} : { name: name.name }),
    ...(lines === '' ? {} : { address: lines }),
    ...(nickname === '' ? {} : { nickname }),
  };
  const traits: Traits = {
    ...(gender.gender === null ? {} : { gender: gender.gender }),
    ...(birth.birth === null ? {} : { birth: birth.birth }),
    ...(province === '' ? {} : { province }),
    ...(city === '' ? {} : { city }),
  };
  return { personal, traits, rejections: [...name.rejections, ...gender.rejections, ...birth.rejections] };
}
