import assert from 'node:assert/strict';
import { identifierDefinition } from '../../../ingest/identifiers/index.ts';

const { normalise } = identifierDefinition('phone');

/** What a cell gives, in one line: `+8613900001234`, `weak …`, `phone_masked …`, or the code it is refused with. */
function outcome(given: string): string {
  const read = normalise(given);
  if (!read.ok) return read.code;
  const values = read.values.map(({ type, value, weak }) => {
    return `${weak ? 'weak ' : ''}${type === 'phone' ? '' : `${type} `}${value}`;
  });
  return [...values, ...(read.refused ?? []).map(({ code }) => `refused ${code}`)].join(', ');
}

type Case = readonly [sentence: string, given: string, expected: string];

function table(cases: readonly Case[]): void {
  for (const [sentence, given, expected] of cases) {
    it(sentence, () => assert.equal(outcome(given), expected));
  }
}

const ONE = '+8613900001234';
const TWO = '+8613900005678';

describe('a mainland mobile in every dirty shape', () => {
  table([
    ['is read when it is clean', '13900001234', ONE],
    ['is read when it is E.164 already', '+8613900001234', ONE],
    ['loses outer spaces', '  13900001234\t', ONE],
    ['loses the spaces people group digits by', '139 0000 1234', ONE],
    ['loses no-break spaces', '139\u00a00000\u00a01234', ONE],
    ['loses dashes', '139-0000-1234', ONE],
    ['loses dashes of every width', '139—0000－1234', ONE],
    ['loses dots', '139.0000.1234', ONE],
    ['loses brackets around the country code', '(+86)13900001234', ONE],
    ['loses full-width brackets', '（+86）139-0000-1234', ONE],
    ['loses zero-width characters', '139\u200b0000\ufeff1234', ONE],
    ['loses the direction marks that phone books copy along', '\u202d13900001234\u202c', ONE],
    ['is read from full-width digits with a full-width plus', '＋８６１３９００００１２３４', ONE],
    ['loses the apostrophe by which Excel keeps text', "'13900001234", ONE],
    ['loses quotes', '"13900001234"', ONE],
    ['loses an Excel formula around it', '="13900001234"', ONE],
    ['loses +86', '+86 139 0000 1234', ONE],
    ['loses 0086', '0086-139-0000-1234', ONE],
    ['loses 86', '8613900001234', ONE],
    ['loses 086', '08613900001234', ONE],
    ['loses a trunk 0', '013900001234', ONE],
    ['loses the IP-call prefix 17951', '1795113900001234', ONE],
    ['loses the IP-call prefix 12593', '12593 13900001234', ONE],
    ['loses the IP-call prefix 17911', '17911-13900001234', ONE],
    ['loses one prefix only', '0086013900001234', 'phone.too-long'],
    ['is expanded from scientific notation that holds all digits', '1.3900001234E10', ONE],
    ['is expanded from scientific notation with a plus', '1.3900001234E+10', ONE],
    ['is expanded from scientific notation with its country code', '8.613900001234e12', ONE],
    ['loses a decimal of zero', '13900001234.0', ONE],
    ['loses thousands separators', '13,900,001,234', ONE],
    ['is read with any second digit from 3 on, new segments too', '19200001234', '+8619200001234'],
    ['is read from a virtual operator, whose customers are persons', '17000001234', '+8617000001234'],
  ]);
});

describe('a phone cell with more than one number', () => {
  const both = `weak ${ONE}, weak ${TWO}`;
  table([
    ['gives both, weak, with a slash between', '13900001234/13900005678', both],
    ['gives both, weak, with a run of slashes between', '13900001234////13900005678', both],
    ['gives both, weak, with 、 between', '13900001234、13900005678', both],
    ['gives both, weak, with a comma between', '13900001234, 13900005678', both],
    ['gives both, weak, with a full-width comma between', '13900001234，13900005678', both],
    ['gives both, weak, with a semicolon between', '13900001234;13900005678', both],
    ['gives both, weak, with a space between', '13900001234 13900005678', both],
    ['gives both, weak, with spaces between and within', '139 0000 1234 139 0000 5678', both],
    ['gives both, weak, with a dash between', '13900001234-13900005678', both],
    ['gives both, weak, each with its country code', '+86 139 0000 1234; +86 139 0000 5678', both],
    ['gives one that stands there twice once, and trusts it', '13900001234/+8613900001234', ONE],
    ['trusts the mobile beside a landline', '13900001234/021-63218888', `${ONE}, refused phone.landline`],
    ['trusts the mobile beside a hotline', '400-820-8888,13900001234', `${ONE}, refused phone.hotline`],
    ['trusts the mobile beside junk', '13900001234/13800138000', `${ONE}, refused phone.junk`],
    ['trusts the mobile beside a word for nothing', '13900001234/无', ONE],
    ['doubts the mobile beside a scrap', '13900001234/5678', `weak ${ONE}, refused phone.too-short`],
    ['gives the first refusal when no part is a phone', '021-63218888/95555', 'phone.landline'],
    ['does not cut an unbroken row of digits', '1390000123413900005678', 'phone.too-long'],
  ]);
});

describe('a masked mobile', () => {
  table([
    ['stays as weak evidence', '138****5678', 'weak phone_masked 138****5678'],
    ['stays when only its ends are left', '13*******64', 'weak phone_masked 13*******64'],
    ['stays when only its middle is left', '***0117****', 'weak phone_masked ***0117****'],
    ['loses its country code', '+86 138****5678', 'weak phone_masked 138****5678'],
    ['loses dashes', '138-****-5678', 'weak phone_masked 138****5678'],
    ['is read from full-width stars', '138＊＊＊＊5678', 'weak phone_masked 138****5678'],
    ['is read with x for stars', '138xxxx5678', 'weak phone_masked 138****5678'],
    ['gets four stars when it has another number of them', '138***5678', 'weak phone_masked 138****5678'],
    [
      'stays beside a clear one, and then neither is sure',
      '138****5678/13900001234',
      `weak phone_masked 138****5678, weak ${ONE}`,
    ],
    ['is refused when nothing is left', '***********', 'phone.masked-wholly'],
    ['is refused when it has no 11 places', '12**34', 'phone.masked-wholly'],
  ]);
});

describe('a number that is no person’s key', () => {
  table([
    ['is refused when Douyin lent it for one order', '18400913965-7576', 'phone.virtual'],
    ['is refused when Tmall lent it for one order', '18877771111-123', 'phone.virtual'],
    ['is refused with 转 before its extension', '184 0091 3965 转 7576', 'phone.virtual'],
    ['is refused with a comma before its extension', '18400913965,7576', 'phone.virtual'],
    ['is refused when it is lent and masked', '184****3965-7576', 'phone.virtual'],
    ['is refused beside another number', '18400913965-7576/13900001234', `weak ${ONE}, refused phone.virtual`],
    ['is refused as a landline', '021-63218888', 'phone.landline'],
    ['is refused as a landline without a dash', '02163218888', 'phone.landline'],
    ['is refused as a landline with brackets', '(0755) 8888 6666', 'phone.landline'],
    ['is refused as a landline with an extension', '021-63218888-801', 'phone.landline'],
    ['is refused as a landline with 转', '0755-88886666转801', 'phone.landline'],
    ['is refused as a landline with the country code', '+86 21 6321 8888', 'phone.landline'],
    ['is refused as a landline with a bare country code', '86-21-63218888', 'phone.landline'],
    ['is refused as a 400 line', '400-820-8888', 'phone.hotline'],
    ['is refused as an 800 line', '8008208888', 'phone.hotline'],
    ['is refused as a bank’s line', '95566', 'phone.hotline'],
    ['is refused as an operator’s line', '10086', 'phone.hotline'],
    ['is refused as a city’s line', '12345', 'phone.hotline'],
    ['is refused as a device’s card', '1064820135792', 'phone.iot'],
  ]);
});

describe('a junk phone', () => {
  const listed = [
    ...['13800138000', '13800000000', '13000000000', '13888888888', '13666666666', '13999999999', '13912345678'],
    ...['13812345678', '12345678901', '13123456789', '18888888888', '18800000000', '11111111111', '00000000000'],
    '99999999999',
  ];
  table(listed.map((given): Case => [`is refused: ${given}`, given, 'phone.junk']));
  table([
    ['is refused behind its dirt', '+86 138-0013-8000', 'phone.junk'],
    ['is refused for a falling sequence', '13198765432', 'phone.junk'],
    ['is refused for a sequence through 9 and 0', '13578901234', 'phone.junk'],
    ['is refused for eight equal digits in any places', '18888088880', 'phone.junk'],
    ['is refused for a zero', '0', 'phone.junk'],
    ['is refused from abroad too', '+852 66666666', 'phone.junk'],
    ['is not a number with seven equal digits', '13888888123', '+8613888888123'],
  ]);
});

describe('a number from abroad', () => {
  table([
    ['is read with a plus from Hong Kong', '+852 6123 4568', '+85261234568'],
    ['is read with a plus from Macau', '+853 6612 3457', '+85366123457'],
    ['is read with a plus from Taiwan', '+886 912 345 670', '+886912345670'],
    ['is read as WeChat writes Hong Kong, without a plus', '85261234568', '+85261234568'],
    ['is read as WeChat writes Taiwan, with a trunk 0', '8860912345670', '+886912345670'],
    ['is read with 00', '0085261234568', '+85261234568'],
    ['is read as Alibaba writes it', '852-61234568', '+85261234568'],
    ['is read as Alibaba writes North America', '1-2025550123', '+12025550123'],
    ['is North American although its digits could be a mainland mobile', '1-9175550123', '+19175550123'],
    ['is North American with a plus, whatever follows', '+1 917-555-0123', '+19175550123'],
    ['is refused when it cannot exist', '1-993333', 'phone.not-valid'],
    ['is refused when its plus belongs to a mainland number', '+13900001234', 'phone.not-valid'],
    ['is refused as a landline', '+852 2123 4568', 'phone.landline'],
    ['is refused as a service line', '+1 800 555 0199', 'phone.hotline'],
    ['is refused without its country code', '61234568', 'phone.too-short'],
  ]);
});

describe('what is no phone', () => {
  table([
    ['is refused when Excel rounded it', '1.39E+10', 'phone.excel-rounded'],
    ['is refused when Excel rounded its last digits', '1.39123E+10', 'phone.excel-rounded'],
    ['is refused with a fraction', '1390000123.4', 'phone.not-a-number'],
    ['is refused when it is too short', '1390000123', 'phone.too-short'],
    ['is refused when it is too long', '139000012345', 'phone.too-long'],
    ['is refused when it starts like no mobile', '12900001234', 'phone.not-valid'],
    ['is refused when it is a hash', '535381ec9d5ab7a390db0a30860600f2', 'phone.hash'],
    ['is refused when it is a cipher', '$abcd$efgh$1$$', 'phone.not-a-number'],
    ['is refused with words, which may say whose it is', '13900001234（妈妈）', 'phone.not-a-number'],
    ['is refused when it is words', '顾客', 'phone.not-a-number'],
    ['is refused when it is empty', '', 'phone.not-a-number'],
    ['is refused when it is a megabyte', '1'.repeat(1_000_000), 'phone.not-a-number'],
  ]);
});
