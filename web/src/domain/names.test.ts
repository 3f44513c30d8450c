import { expect, test } from 'vitest';
import { isSameName } from './names';

test('names are the same without regard to case and form', () => {
    for (const [one, other] of [
        ['Work', 'WORK'],
        ['Straße', 'STRASSE'],
        ['ΣΑΣ', 'σας'],
        ['café', 'cafe\u0301'],
        ['ﬁnanzen', 'FINANZEN'],
        ['ДОМ', 'дом'],
    ])
        expect(isSameName(one!, other!)).toBe(true);
    for (const [one, other] of [
        ['cafe', 'café'],
        ['C', 'C++'],
        ['l', 'ł'],
        ['и', 'й'],
        ['Work', 'Works'],
    ])
        expect(isSameName(one!, other!)).toBe(false);
});
