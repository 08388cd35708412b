/** Hygiene of names: what stands in a name column and is nobody's name. */
import type { Rejection } from '../record.ts';
import { isBlank } from './blank.ts';
import { maskName } from './mask.ts';
import { LONGEST_CELL, tidy } from './text.ts';

export interface ReadName {
  /** The name as it is to be kept, masked ones (`张**`) and forms of address (`张先生`) included; null when there is none. */
  readonly name: string | null;
  readonly rejections: readonly Rejection[];
}

/** Lower case, without digits behind. */
const PLACEHOLDERS = new Set([
  ...[
    '顾客',
    '散客',
    '散户',
    '客户',
    '客人',
    '会员',
    '普通会员',
    '新会员',
    '贵宾',
    '匿名',
    '匿名用户',
    '匿名顾客',
    '游客',
    '访客',
    '路人',
  ],
  ...[
    '用户',
    '新用户',
    '手机用户',
    '微信用户',
    '抖音用户',
    '淘宝用户',
    '支付宝用户',
    '未命名',
    '未知',
    '无名',
    '无名氏',
    '不详',
    '保密',
    '零售',
  ],
  ...['先生', '女士', '小姐', '太太', '先生/女士', '先生女士', '男士', '美女', '帅哥'],
  ...['vip', 'user', 'guest', 'customer', 'member', 'anonymous', 'name', 'admin', 'null', 'none', 'undefined'],
]);
const TEST = /^(?:测试|test|ceshi)|测试$/;
const GARBLED = /\ufffd|锟斤拷|烫烫烫/;
const PHONE_WITHIN = /\d{7}/;
const LETTER = /\p{L}/u;
const LONGEST_NAME = 100;
const HAN = '\\p{Script=Han}';
const SPACE_IN_HAN = new RegExp(`(?<=${HAN})\\s+(?=${HAN})`, 'gu');
const DOT_IN_HAN = new RegExp(`(?<=${HAN})\\s*[·•・･‧∙.。]\\s*(?=${HAN})`, 'gu');

/** Names of minorities are parted by one dot, written in half a dozen ways: `阿·买提`. */
function clean(given: string): string {
  return tidy(given).replace(DOT_IN_HAN, '·').replace(SPACE_IN_HAN, '').replace(/\s+/g, ' ');
}

function fault(name: string): Pick<Rejection, 'code' | 'expected'> | null {
  const word = name.toLowerCase().replace(/[\s\d_.-]+$/, '');
  if (name.length > LONGEST_NAME) return { code: 'name.too-long', expected: `at most ${LONGEST_NAME} characters` };
  if (GARBLED.test(name)) return { code: 'name.garbled', expected: 'a name in the encoding of the file' };
  if (PHONE_WITHIN.test(name.replace(/[\s-]/g, ''))) return { code: 'name.phone', expected: 'a name without a number' };
  if (!LETTER.test(name)) return { code: 'name.no-letters', expected: 'a name with at least one letter' };
  if (TEST.test(word)) return { code: 'name.test', expected: 'a person, not a test' };
  if (PLACEHOLDERS.has(word)) return { code: 'name.placeholder', expected: 'a name, not a word for any customer' };
  return null;
}

/** Reads a name cell: blank gives nothing, a word for anybody, a test, a phone or garbled text gives a rejection. */
export function readName({ path, given }: { readonly path: string; readonly given: string }): ReadName {
  if (isBlank(given)) return { name: null, rejections: [] };
  const name = given.length > LONGEST_CELL ? given : clean(given);
  const found = fault(name);
  if (found === null) return { name, rejections: [] };
  return { name: null, rejections: [{ path, given: maskName(given), ...found, wholeItem: false }] };
}
