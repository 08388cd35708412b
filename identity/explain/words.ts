/** Sentences about links that a shop manager understands, in Chinese and English; no clear value is in them. */
import { type IdentifierType, identifierDefinition } from '../../ingest/identifiers/index.ts';
import type { Refusal } from '../graph/clusters.ts';
import type { HeldDetail } from '../held.ts';
import type { Claim } from './claims.ts';
import type { ClaimedLink } from './tree.ts';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

const GUEST: Words = { zh: '散客', en: 'guest' };

const titleOf = (kind: string): Words =>
  kind === 'guest' ? GUEST : identifierDefinition(kind as IdentifierType).title;

/** The identifier masked, where a record of either holds it so; '' where none does. */
export function shownOf({ holder, other }: ClaimedLink): string {
  if (holder.type === 'phone') return holder.phone_masked || other.phone_masked;
  if (holder.type === 'email') return holder.email_masked || other.email_masked;
  return '';
}

export const strengthOf = ({ holder, other }: ClaimedLink): Claim['strength'] =>
  holder.strength === 'verified' && other.strength === 'verified' ? 'verified' : 'stated';

/** When both had given it. */
export const sinceOf = ({ holder, other }: ClaimedLink): string => [holder.since, other.since].sort()[1]!;

export function linkWords(link: ClaimedLink): Words {
  const { holder, other } = link;
  const title = titleOf(holder.type);
  const shown = shownOf(link) === '' ? '' : ` ${shownOf(link)}`;
  const who = (claim: Claim): Words => {
    const kind = titleOf(claim.account_kind);
    return { zh: `${claim.source}（${kind.zh}）`, en: `${claim.source} (${kind.en})` };
  };
  const [a, b] = [who(holder), who(other)];
  const verified = strengthOf(link) === 'verified';
  const hashed = holder.hashed === 1 || other.hashed === 1;
  const day = sinceOf(link).slice(0, 10);
  return {
    zh: `${a.zh}与${b.zh}给出了同一个${title.zh}${shown}，${verified ? '双方均已核实' : '至少一方未经核实'}${hashed ? '，其中一方只给出密文' : ''}，自 ${day} 起。`,
    en: `${a.en} and ${b.en} gave the same ${title.en}${shown}, ${verified ? 'verified on both sides' : 'not verified on both sides'}${hashed ? ', on one side as a hash' : ''}, since ${day}.`,
  };
}

/** Why a link is held. */
export function heldWords(link: { id_type: string; reason: Refusal; detail: HeldDetail }): Words {
  const same =
    link.id_type === '' ? { zh: '审核员判定为同一人', en: 'A steward says they are one' } : sameWords(link.id_type);
  const title = link.detail.type === undefined ? { zh: '', en: '' } : titleOf(link.detail.type);
  const scope = link.detail.scope
    ? { zh: `（${link.detail.scope}）`, en: ` (${link.detail.scope})` }
    : { zh: '', en: '' };
  const why: Record<Refusal, Words> = {
    limit: {
      zh: `合并后这个人会有超过 ${link.detail.limit} 个${title.zh}${scope.zh}`,
      en: `together they would have more than ${link.detail.limit} × ${title.en}${scope.en}`,
    },
    exclusive: {
      zh: `双方的${title.zh}不同，绝不会是同一人`,
      en: `their ${title.en} differs, which is never one person`,
    },
    decision: { zh: '审核员判定不是同一人', en: 'a steward decided that they are not one' },
    size: {
      zh: `合并后会超过 ${link.detail.limit} 个账号，不像是一个人`,
      en: `together they would be more than ${link.detail.limit} accounts, which is hardly one person`,
    },
  };
  return {
    zh: `${same.zh}，但${why[link.reason].zh}，留待审核。`,
    en: `${same.en}, but ${why[link.reason].en}: held for review.`,
  };
}

function sameWords(type: string): Words {
  const { zh, en } = titleOf(type);
  return { zh: `双方给出了同一个${zh}`, en: `They gave the same ${en}` };
}
