/** Words for people: Chinese and English, side by side. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export type Language = keyof Words;
