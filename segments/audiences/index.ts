/** The room of audiences: runs of segments and their members. */
export { type AudienceRun, listAudiences, readAudience } from './audience.ts';
export { audienceMembers, type MemberPage, type MemberPosition } from './members.ts';
export { type RunAudienceOptions, runAudience } from './run.ts';
export { membersAt } from './translate.ts';
