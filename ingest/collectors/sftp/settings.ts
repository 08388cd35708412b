/** The settings of a folder on an SFTP server: how it is reached; what its files are is said as for a folder of this machine. */
import { type FilesSettings, settingsSchema as filesSchema } from '../files/settings.ts';

export interface SftpSettings extends FilesSettings {
  readonly host: string;
  /** @default 22 */
  readonly port?: number;
  readonly username: string;
  readonly password?: string;
  /** OpenSSH or PEM text. */
  readonly private_key?: string;
  readonly passphrase?: string;
  /** `SHA256:…` as `ssh-keygen -lf` prints it. Without it every server is refused, and told by its fingerprint. */
  readonly host_key?: string;
}

/** JSON schema of the settings. */
export const settingsSchema = {
  type: 'object',
  required: ['host', 'username', 'folder'],
  allOf: [
    { anyOf: [{ required: ['issuer'] }, { required: ['programme'] }] },
    { anyOf: [{ required: ['password'] }, { required: ['private_key'] }] },
  ],
  additionalProperties: false,
  properties: {
    host: { type: 'string', minLength: 1, description: 'Name or address of the server.' },
    port: { type: 'integer', minimum: 1, maximum: 65_535, description: 'Default 22.' },
    username: { type: 'string', minLength: 1, description: 'Who logs in. Reading the folder is enough.' },
    password: { type: 'string', minLength: 1, description: 'Give it as {"env": "NAME"}.' },
    private_key: {
      type: 'string',
      minLength: 1,
      description: 'The text of a private key in OpenSSH or PEM form. Give it as {"env": "NAME"}.',
    },
    passphrase: { type: 'string', minLength: 1, description: 'Of the private key, as {"env": "NAME"}.' },
    host_key: {
      type: 'string',
      pattern: '^SHA256:[A-Za-z0-9+/]{43}$',
      description:
        'Fingerprint of the server’s host key, as ssh-keygen -lf prints it: SHA256:… Without it no server is trusted; the first pull tells the fingerprint that was given.',
    },
    ...filesSchema.properties,
    folder: {
      type: 'string',
      pattern: '^/',
      description: 'The folder on the server, from its root. Its subfolders are not read.',
    },
  },
} as const;
