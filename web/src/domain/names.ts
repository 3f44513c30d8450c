/** Whether two tag names are one name to the server: without regard to case, in whichever form letters with accents come. */
export const isSameName = (one: string, other: string) => folded(one) === folded(other);

/** Through upper case, so that ß is ss and every sigma one. */
const folded = (name: string) => name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
