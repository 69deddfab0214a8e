// What the page about one's own storage says of programs; only those who have some read it.
import { language } from '../texts/language';

const en = {
  byPrograms: (size: string) => `This includes ${size} from your bots and webhooks.`,
};

const de: typeof en = {
  byPrograms: (size) => `Davon stammen ${size} von deinen Bots und Webhooks.`,
};

export const texts = language === 'de' ? de : en;
