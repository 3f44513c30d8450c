import { useEffect, useEffectEvent } from 'react';
import { useLocation } from 'wouter';

const goTo: Record<string, string> = {
    '1': '/today',
    '2': '/upcoming',
    '3': '/calendar',
    '4': '/board',
    '5': '/all',
    '6': '/done',
};

const isTyping = (target: EventTarget | null) =>
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/** Keys that work wherever one is, unless one is typing or a dialog is open. */
export function useHotkeys(actions: { find: () => void; help: () => void; close: () => void }) {
    const [, navigate] = useLocation();
    const pressed = useEffectEvent((event: KeyboardEvent) => {
        if (event.defaultPrevented || document.querySelector('[role=dialog][data-modal]')) return;
        const command = event.ctrlKey || event.metaKey;
        if (command && event.key.toLowerCase() === 'k') {
            event.preventDefault();
            actions.find();
            return;
        }
        if (event.key === 'Escape') actions.close();
        if (command || event.altKey || isTyping(event.target)) return;
        const path = goTo[event.key];
        if (path) navigate(path);
        else if (event.key === '?') actions.help();
        else if (event.key === 'n') {
            const line = document.querySelector<HTMLInputElement>('[data-quick-add] input');
            if (!line) return;
            line.focus();
        } else return;
        event.preventDefault();
    });
    useEffect(() => {
        const listener = (event: KeyboardEvent) => pressed(event);
        addEventListener('keydown', listener);
        return () => removeEventListener('keydown', listener);
        // eslint-disable-next-line react-hooks/exhaustive-deps -- an effect event, which never changes
    }, []);
}
