export { useDateWords } from './date-words';
export { DueEditor } from './due-editor';
export { RepeatEditor } from './repeat-editor';
export { useMinutesAhead, useNow } from './use-clock';
export { ZoneChoice } from './zone-choice';
export { ZoneNote } from './zone-note';
