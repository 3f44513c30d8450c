const key = 'rondo.theme';
export type Theme = 'system' | 'light' | 'dark';

export const theme = (): Theme => {
    const chosen = localStorage.getItem(key);
    return chosen === 'light' || chosen === 'dark' ? chosen : 'system';
};

export function applyTheme(chosen: Theme = theme()) {
    if (chosen === 'system') {
        localStorage.removeItem(key);
        delete document.documentElement.dataset.theme;
    } else {
        localStorage.setItem(key, chosen);
        document.documentElement.dataset.theme = chosen;
    }
}
