/** Traits: what the sources say of a person. One value survives per trait, with the record it came from. */
import { raw, type SqlFragment, sql } from '../../store/index.ts';
import type { Words } from '../words.ts';
import type { Attribute } from './attribute.ts';

export interface Trait extends Attribute {
  /** Which value survives when records differ. */
  readonly rule: Words;
  /** Column of `profiles` that points into `records`, or 'membership' for what the membership row says. */
  readonly from: string;
  /** The value for conditions and exports where that is not the column itself. */
  readonly sql?: SqlFragment;
}

const RECENT: Words = {
  zh: '会员系统的记录优先，其次取最近的记录',
  en: 'a record of the loyalty system first, then the most recent one',
};
const VERIFIED: Words = {
  zh: '已验证的优先，其次会员系统的记录，再取最近的记录',
  en: 'a verified one first, then a record of the loyalty system, then the most recent one',
};
const MEMBERSHIP: Words = {
  zh: '有效会员优先，其次取最近更新的会员记录',
  en: 'of an active membership first, then of the one changed last',
};

type Given = Pick<Trait, 'id' | 'type' | 'title' | 'sentence'> & Partial<Trait>;

const ofRecords = (from: string, rule: Words, trait: Given): Trait => ({ ...trait, from, rule });
const ofMembership = (trait: Given): Trait => ({ ...trait, from: 'membership', rule: MEMBERSHIP });

const GENDERS = { male: { zh: '男', en: 'male' }, female: { zh: '女', en: 'female' } };
const STATUSES = { active: { zh: '有效', en: 'active' }, closed: { zh: '已注销', en: 'closed' } };

export const TRAITS: readonly Trait[] = [
  ofRecords('name_from', RECENT, {
    id: 'name_masked',
    type: 'text',
    title: { zh: '姓名', en: 'Name' },
    sentence: { zh: '脱敏姓名。', en: 'The name, masked.' },
  }),
  ofRecords('phone_from', VERIFIED, {
    id: 'phone_masked',
    type: 'text',
    title: { zh: '手机号', en: 'Phone' },
    sentence: { zh: '脱敏手机号。', en: 'The phone, masked.' },
  }),
  ofRecords('email_from', VERIFIED, {
    id: 'email_masked',
    type: 'text',
    title: { zh: '邮箱', en: 'E-mail' },
    sentence: { zh: '脱敏邮箱。', en: 'The e-mail address, masked.' },
  }),
  ofRecords('gender_from', RECENT, {
    id: 'gender',
    type: 'enumeration',
    title: { zh: '性别', en: 'Gender' },
    sentence: { zh: '来源给出的性别。', en: 'The gender a source gave.' },
    values: GENDERS,
  }),
  ofRecords('birth_from', RECENT, {
    id: 'birth_date',
    type: 'date',
    title: { zh: '出生日期', en: 'Date of birth' },
    sentence: { zh: '年月日都已知时的出生日期。', en: 'The date of birth where year, month and day are known.' },
    sql: sql`if(birth_precision = 'day', birth_date, NULL)`,
  }),
  ofRecords('birth_from', RECENT, {
    id: 'birth_year',
    type: 'number',
    title: { zh: '出生年份', en: 'Year of birth' },
    sentence: { zh: '已知出生年份时的年份。', en: 'The year of birth where it is known.' },
    sql: sql`if(birth_precision IN ('day', 'year'), toYear(birth_date), NULL)`,
  }),
  ofRecords('birth_from', RECENT, {
    id: 'birth_month',
    type: 'number',
    title: { zh: '出生月份', en: 'Month of birth' },
    sentence: { zh: '已知生日月份时的月份（1–12）。', en: 'The month of birth, 1 to 12, where it is known.' },
    sql: sql`if(birth_precision IN ('day', 'month_day'), toMonth(birth_date), NULL)`,
  }),
  ofRecords('region_from', RECENT, {
    id: 'province',
    type: 'text',
    title: { zh: '省份', en: 'Province' },
    sentence: { zh: '来源给出的省份。', en: 'The province a source gave.' },
  }),
  ofRecords('region_from', RECENT, {
    id: 'city',
    type: 'text',
    title: { zh: '城市', en: 'City' },
    sentence: { zh: '与省份同一记录的城市。', en: 'The city of the record that gave the province.' },
  }),
  ofMembership({
    id: 'member_status',
    type: 'enumeration',
    title: { zh: '会员状态', en: 'Membership status' },
    sentence: { zh: '会员身份的状态；未知 = 从未入会。', en: 'Status of the membership; unknown = never joined.' },
    values: STATUSES,
  }),
  ofMembership({
    id: 'level',
    type: 'text',
    title: { zh: '会员等级', en: 'Level' },
    sentence: { zh: '会员系统给出的等级。', en: 'The level as the loyalty system has it.' },
  }),
  ofMembership({
    id: 'points',
    type: 'number',
    title: { zh: '积分', en: 'Points' },
    sentence: { zh: '会员系统给出的可用积分。', en: 'Points as the loyalty system has them.' },
  }),
  ofMembership({
    id: 'joined_at',
    type: 'date',
    title: { zh: '入会日', en: 'Joined' },
    sentence: { zh: '入会的业务日。', en: "The day of joining in the brand's zone." },
  }),
  ofMembership({
    id: 'join_store',
    type: 'text',
    title: { zh: '入会门店', en: 'Joined at store' },
    sentence: { zh: '入会时的门店编码。', en: 'Code of the store of joining.' },
  }),
  ofMembership({
    id: 'membership_count',
    type: 'number',
    title: { zh: '有效会员数', en: 'Active memberships' },
    sentence: { zh: '该消费者名下的有效会员身份数。', en: 'Active memberships the profile holds.' },
  }),
];

/** The value of a trait as an expression over a row of `profiles`. */
export function traitValue(trait: Trait): SqlFragment {
  return trait.sql ?? raw(trait.id);
}
