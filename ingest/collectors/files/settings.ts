/** The settings of a folder: how its files are told apart, when they are whole, and how their cells are read. */
import type { GenderCodes } from '../../identifiers/index.ts';
import type { Source } from '../collector.ts';
import { COLUMN_HEADERS, type Column, FILE_KINDS, type FileKind } from './headers.ts';

/** What may be said of one group of files. Everything has a default, so that a folder of usual exports needs none of it. */
export interface FileRule {
  /** @default told by the headers */
  readonly kind?: FileKind;
  /** When a file is whole: unchanged for a while, a marker beside it, or as soon as it has its name. @default 'stable' */
  readonly completion?: 'stable' | 'marker' | 'rename';
  /** @default 30 */
  readonly stable_seconds?: number;
  /** `store_day`: a sales file holds every line of the stores and days it names; lines it lacks are withdrawn. @default false */
  readonly complete?: false | 'store_day';
  /** @default 'auto': told by the whole file */
  readonly encoding?: 'auto' | 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';
  /** @default 'auto': told by the header line */
  readonly separator?: string;
  /** Names of the columns, for files without a header line. */
  readonly header?: readonly string[];
  /** Canonical column → the header these files use for it; comes before the known headers. */
  readonly columns?: Readonly<Partial<Record<Column, string>>>;
  /** Field of the brand's own → header. Never personal values. */
  readonly custom?: Readonly<Record<string, string>>;
  readonly gender_codes?: GenderCodes;
  /** `HH:mm` at which the till's business day ends; bills before it belong to the day before. @default midnight */
  readonly business_day_cut?: string;
  /** What a whole number in an amount column is. @default 'yuan' */
  readonly amount_unit?: 'yuan' | 'fen';
}

export interface FilesSettings extends FileRule {
  readonly folder: string;
  /** Scope of card numbers. */
  readonly issuer?: string;
  /** Scope of member numbers. */
  readonly programme?: string;
  /** What `member` files are: the till's own rows, or the brand's memberships. @default 'loyalty' for that channel, else 'till' */
  readonly role?: 'till' | 'loyalty';
  /** Codes of stores whose bills are tests. @default ['9999'] */
  readonly test_stores?: readonly string[];
  /** Rules by file name; the first whose pattern fits counts, over what stands beside it in the settings. */
  readonly files?: readonly (FileRule & { readonly pattern: string })[];
}

const ruleProperties = {
  kind: { enum: FILE_KINDS, description: 'What the files hold. Default: told by their headers.' },
  completion: {
    enum: ['stable', 'marker', 'rename'],
    description:
      'When a file is whole. stable: unchanged for stable_seconds (or its marker is there). marker: only with <name>.ok, .done, .flg or .md5 beside it. rename: at once, since it is renamed from .tmp, .part or .filepart when done. Default stable.',
  },
  stable_seconds: { type: 'integer', minimum: 0, maximum: 86_400, description: 'Default 30.' },
  complete: {
    enum: [false, 'store_day'],
    description:
      'store_day: a sales file is whole for the stores and business days it names; lines that an earlier file had and this one has not are withdrawn. Default false.',
  },
  encoding: {
    enum: ['auto', 'utf-8', 'gb18030', 'utf-16le', 'utf-16be'],
    description: 'Default auto: told by the whole file.',
  },
  separator: { type: 'string', minLength: 1, maxLength: 4, description: 'Default auto: told by the header line.' },
  header: {
    type: 'array',
    items: { type: 'string', minLength: 1 },
    minItems: 1,
    description: 'Names of the columns, for files without a header line.',
  },
  columns: {
    type: 'object',
    propertyNames: { enum: Object.keys(COLUMN_HEADERS) },
    additionalProperties: { type: 'string', minLength: 1 },
    description: 'Column → the header these files use for it, where it is not one of the known ones.',
  },
  custom: {
    type: 'object',
    additionalProperties: { type: 'string', minLength: 1 },
    description: 'A field of your own → its header. Never personal values: they are kept in clear.',
  },
  gender_codes: {
    type: 'object',
    additionalProperties: { enum: ['male', 'female', 'unknown'] },
    description: 'The gender codes of these files, for example {"1": "male", "2": "female"}.',
  },
  business_day_cut: {
    type: 'string',
    pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
    description: 'HH:mm at which the business day ends, for example 06:00. Default midnight.',
  },
  amount_unit: {
    enum: ['yuan', 'fen'],
    description: 'The unit of amounts. Default yuan; a header that ends in (分) is in fen.',
  },
} as const;

/** JSON schema of the settings. */
export const settingsSchema = {
  type: 'object',
  required: ['folder'],
  anyOf: [{ required: ['issuer'] }, { required: ['programme'] }],
  additionalProperties: false,
  properties: {
    folder: { type: 'string', minLength: 1, description: 'The folder whose files are read. Its subfolders are not.' },
    issuer: { type: 'string', minLength: 1, description: 'Who issues the card numbers: their scope.' },
    programme: { type: 'string', minLength: 1, description: 'The loyalty programme: the scope of member numbers.' },
    role: {
      enum: ['till', 'loyalty'],
      description:
        'Whether member files are a till’s own rows or the brand’s memberships. Default loyalty for channel loyalty, else till.',
    },
    test_stores: {
      type: 'array',
      items: { type: 'string' },
      description: 'Codes of stores whose bills are tests. Default ["9999"].',
    },
    files: {
      type: 'array',
      items: {
        type: 'object',
        required: ['pattern'],
        additionalProperties: false,
        properties: {
          pattern: {
            type: 'string',
            minLength: 1,
            description: 'File names these rules are for: * and ? stand for anything.',
          },
          ...ruleProperties,
        },
      },
      description: 'Rules by file name; the first whose pattern fits counts, over what stands beside it.',
    },
    ...ruleProperties,
  },
} as const;

/** Whether the source's member files are a till's own rows or the brand's memberships. */
export function roleOf({ settings, channel }: Source<FilesSettings>): 'till' | 'loyalty' {
  return settings.role ?? (channel === 'loyalty' ? 'loyalty' : 'till');
}

/** The rule for a file of this name. */
export function ruleFor(settings: FilesSettings, name: string): FileRule {
  const own = settings.files?.find(({ pattern }) => globOf(pattern).test(name));
  return own ? { ...settings, ...own } : settings;
}

function globOf(pattern: string): RegExp {
  const body = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${body}$`, 'iu');
}
