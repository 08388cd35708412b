/** Serves a population's Tmall shop in a process of its own; tells its URL. */
import { systemClock } from '../../clock.ts';
import { startTmallSimulator } from '../../fixtures/simulators/tmall/index.ts';

process.once(
  'message',
  (message: { folder: string; shop: { app_key: string; app_secret: string; session: string } }) => {
    void startTmallSimulator({ shop: message.shop, data: { folder: message.folder }, clock: systemClock }).then(
      ({ url }) => process.send?.(url),
    );
  },
);
process.on('disconnect', () => process.exit(0));
