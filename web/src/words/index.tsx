import { createContext, use, useEffect, useState, type ReactNode } from 'react';
import { I18nProvider } from 'react-aria-components';
import { en, type Catalogue } from './en';

export const languages = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof languages;

const key = 'rondo.language';
const CatalogueContext = createContext<{ text: Catalogue; language: Language; choose: (to: Language) => void }>({
    text: en,
    language: 'en',
    choose: () => undefined,
});

function preferred(): Language {
    const chosen = localStorage.getItem(key) ?? navigator.language.slice(0, 2);
    return chosen === 'de' ? 'de' : 'en';
}

/** The region of the browser's own locale decides how dates look, as long as it speaks the chosen language. */
function localeFor(language: Language): string {
    return navigator.languages.find((locale) => locale.startsWith(language)) ?? language;
}

export function Texts({ children }: { children: ReactNode }) {
    const [language, setLanguage] = useState(preferred);
    const [text, setText] = useState<Catalogue | null>(language === 'en' ? en : null);
    useEffect(() => {
        let stale = false;
        document.documentElement.lang = language;
        if (language === 'en') setText(en);
        else void import('./de').then(({ de }) => stale || setText(de));
        return () => void (stale = true);
    }, [language]);
    const choose = (to: Language) => {
        localStorage.setItem(key, to);
        setLanguage(to);
    };
    if (!text) return null;
    return (
        <CatalogueContext value={{ text, language, choose }}>
            <I18nProvider locale={localeFor(language)}>{children}</I18nProvider>
        </CatalogueContext>
    );
}

export const useText = () => use(CatalogueContext).text;
export const useLanguage = () => use(CatalogueContext);
