/** A program: the tracking API over a data folder, until it is killed. Tells its address to whoever started it. */
import { openFront, trackSource } from './tracked.ts';

const [dataDir] = process.argv.slice(2);
const front = await openFront(dataDir!, trackSource({ events_per_second: 1_000_000 }));
process.send?.(front.base);
process.on('disconnect', () => process.exit(0));
