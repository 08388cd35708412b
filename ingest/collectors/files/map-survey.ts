/** Answers to surveys, a question a row. */
import type { SourceRecord } from '../../record.ts';
import { type Mapping, recordOf, refuseRow } from './mapping.ts';
import { readPerson } from './person.ts';
import { scoreOf } from './scores.ts';

/** Longer answers are what somebody wrote, not what they chose. */
const CHOICE_LENGTH = 30;

export function mapSurvey(mapping: Mapping): SourceRecord | null {
  const { row, settings } = mapping;
  const [survey, question] = [row.text('survey'), row.text('question')];
  const answeredAt = row.instant('answered_at');
  if (answeredAt === null)
    return refuseRow(row, 'answered_at', { code: 'date.missing', expected: 'when it was answered' });
  const given = row.text('answer');
  const isChoice = given.length <= CHOICE_LENGTH && !/\d{5}|@/.test(given);
  const message = [isChoice ? '' : given, row.text('message')].filter((part) => part !== '').join('\n');
  const scored = scoreOf(row);
  if (given === '' && message === '' && scored.score === null)
    return refuseRow(row, 'answer', { code: 'survey.no-answer', expected: 'an answer, a score or a text' });
  const { account, identifiers, personal } = readPerson(row, settings);
  const number = row.text('answer_no');
  const named = [account?.key ?? '', answeredAt.toISOString(), account === null ? `${given}/${scored.score}` : ''];
  return recordOf(mapping, {
    kind: 'survey',
    head: {
      key: `${survey}/${number || named.join('/')}/${question}`,
      ...{ account, identifiers, personal: message === '' ? personal : { ...personal, message } },
    },
    fields: {
      survey,
      question,
      answer: isChoice ? given : '',
      ...scored,
      order_no: row.text('of_order'),
      store_code: row.text('store_code'),
      answered_at: answeredAt,
    },
  });
}
