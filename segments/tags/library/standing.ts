/** Tags about where a profile stands with the brand: channels, ways to reach it, membership. */
import { raw, sql } from '../../../store/index.ts';
import { listOf } from '../../bits.ts';
import { CHANNEL_WORDS, CHANNELS } from '../../channels.ts';
import { VIAS, WAYS } from '../../reach.ts';
import type { Tag } from '../tag.ts';

export const channels: Tag = {
  id: 'channels',
  type: 'list',
  title: { zh: '拥有渠道', en: 'Channels held' },
  sentence: {
    zh: '该消费者有渠道账号或未解绑绑定关系的渠道。',
    en: 'Channels in which the profile has an account, or to which its membership is bound.',
  },
  values: CHANNEL_WORDS,
  window: null,
  sql: () => listOf(raw('channels_bits'), CHANNELS),
};

export const reachable: Tag = {
  id: 'reachable',
  type: 'list',
  title: { zh: '可触达方式', en: 'Reachable by' },
  sentence: {
    zh: '有可用的手机号、邮箱或微信标识，未拒绝该方式（或全部方式）的营销，且不在免打扰名单中。多人共用或被屏蔽的标识不算。',
    en: 'Has a phone, e-mail or WeChat id that is its own, has not refused marketing by that way (or by any), and is not suppressed. Shared or blocked identifiers do not count.',
  },
  values: WAYS,
  window: null,
  sql: () => listOf(raw('reachable_bits'), VIAS),
};

export const isMember: Tag = {
  id: 'is_member',
  type: 'boolean',
  title: { zh: '是否会员', en: 'Is a member' },
  sentence: { zh: '有状态为有效的会员身份。', en: 'Has an active membership.' },
  window: null,
  sql: () => sql`member_status = 'active'`,
};
