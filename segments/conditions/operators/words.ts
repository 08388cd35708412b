/** How operands are told. */
import type { Attribute, ValueType } from '../../tags/attribute.ts';
import type { Language } from '../../words.ts';

/** A number as people read it; money is kept in fen and told in yuan. */
export function amount(value: unknown, type: ValueType): string {
  if (type !== 'money') return Number(value).toLocaleString('en-US', { maximumFractionDigits: 6 });
  return `¥${(Number(value) / 100).toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** Values of an enumeration or list by their words, texts as they are. */
export function listed(
  values: readonly string[] | undefined,
  { attribute, language }: { attribute: Pick<Attribute, 'values'>; language: Language },
): string {
  const words = (values ?? []).map((value) => attribute.values?.[value]?.[language] ?? value);
  return words.join(language === 'zh' ? '、' : ', ');
}
