/** Front door of matching: who is who where no identifier says so. */
export { type DedupeOptions, type DedupeSummary, dedupe, LEVELS, type Level } from './dedupe.ts';
