/** Pictures and the classes they are of. */
export interface PictureCount {
  readonly pictures: number;
  /** 0 where pictures have none. */
  readonly classes: number;
}

/** What a training report is about. */
export interface ReportSubject {
  /** When the run ended. */
  readonly date: Date;
  /** Pictures that can be read. */
  readonly all: PictureCount;
  /** Pictures kept from training, to evaluate by. */
  readonly heldOut: PictureCount;
}

/**
 * Date, pictures and classes in two sentences: `2026-11-30. 1,260 pictures of 180 classes, 140 of 20 classes kept from training.`
 * The date is that of the machine's time zone.
 */
export function subjectSentence({ date, all, heldOut }: ReportSubject): string {
  const noun = all.pictures === 1 ? 'picture' : 'pictures';
  const kept = heldOut.pictures === 0 ? 'none' : `${number(heldOut.pictures)}${ofClasses(heldOut)}`;
  return `${day(date)}. ${number(all.pictures)} ${noun}${ofClasses(all)}, ${kept} kept from training.`;
}

const number = (value: number) => value.toLocaleString('en-US');

const ofClasses = ({ classes }: PictureCount) =>
  classes === 0 ? '' : ` of ${number(classes)} ${classes === 1 ? 'class' : 'classes'}`;

const day = (date: Date) =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
