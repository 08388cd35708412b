/** Files in a folder of an SFTP server: what they hold is read as files of this machine are. */
import type { Collector } from '../collector.ts';
import { filesCollector } from '../files/index.ts';
import { pullFiles } from '../files/pull.ts';
import { RemoteFolder } from './remote-folder.ts';
import { type SftpSettings, settingsSchema } from './settings.ts';

export type { SftpSettings } from './settings.ts';

export const sftpCollector: Collector<SftpSettings> = {
  ...filesCollector,
  platform: 'sftp',
  title: { zh: 'SFTP 文件夹', en: 'Files on an SFTP server' },
  settingsSchema,
  limits: [
    ...filesCollector.limits,
    'One connection, one file at a time. A file is fetched whole into a temporary file without a name.',
    'Names of files must be UTF-8.',
  ],
  pull: (context) => pullFiles(context, { folder: new RemoteFolder(context) }),
};
