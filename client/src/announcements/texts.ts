// The texts of announcements, fetched with the first that is shown.
import { language } from '../texts/language';

const en = {
  title: 'Announcements for you',
  severities: {
    info: 'Announcement',
    warning: 'Warning',
    urgent: 'Urgent',
  } as Readonly<Record<string, string>>,
  dismiss: 'Dismiss this announcement',
  more: 'Show all',
  less: 'Show less',
};

const de: typeof en = {
  title: 'Ankündigungen für dich',
  severities: { info: 'Ankündigung', warning: 'Warnung', urgent: 'Dringend' },
  dismiss: 'Diese Ankündigung schließen',
  more: 'Alles zeigen',
  less: 'Weniger zeigen',
};

export const texts = language === 'de' ? de : en;
