import { CircleAlert, X } from 'lucide-react';
import {
    Button,
    Text,
    UNSTABLE_Toast as Toast,
    UNSTABLE_ToastContent as ToastContent,
    UNSTABLE_ToastQueue as ToastQueue,
    UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { useSyncExternalStore } from 'react';

interface Note {
    title: string;
    detail?: string | undefined;
    problem?: boolean;
    action?: { label: string; run: () => void };
    /** Until it is closed. */
    stays?: boolean;
}

/** A note whose words change while it is shown. */
class LiveNote {
    private listeners = new Set<() => void>();
    constructor(private note: Note) {}
    read = () => this.note;
    subscribe = (listener: () => void) => {
        this.listeners.add(listener);
        return () => void this.listeners.delete(listener);
    };
    change(to: Partial<Note>) {
        this.note = { ...this.note, ...to };
        this.listeners.forEach((listener) => listener());
    }
}

const shownMs = 8000;
const problemShownMs = 15_000;
const queue = new ToastQueue<LiveNote>({ maxVisibleToasts: 3 });

export const toast = {
    /** Shows a note, for some seconds unless it stays; gives it, to change it meanwhile. */
    show(note: Note) {
        const live = new LiveNote(note);
        const key = queue.add(live, note.stays ? {} : { timeout: note.problem ? problemShownMs : shownMs });
        return { change: (to: Partial<Note>) => live.change(to), close: () => queue.close(key) };
    },
};

export function Toasts({ closeLabel }: { closeLabel: string }) {
    return (
        <ToastRegion queue={queue} className="toasts">
            {({ toast: shown }) => (
                <Toast toast={shown} className="toast">
                    <NoteView live={shown.content} close={() => queue.close(shown.key)} />
                    <Button slot="close" aria-label={closeLabel} className="icon-button">
                        <X size={16} aria-hidden />
                    </Button>
                </Toast>
            )}
        </ToastRegion>
    );
}

function NoteView({ live, close }: { live: LiveNote; close: () => void }) {
    const note = useSyncExternalStore(live.subscribe, live.read);
    return (
        <>
            {note.problem && <CircleAlert size={18} className="toast-mark" aria-hidden />}
            <ToastContent className="toast-text">
                <Text slot="title">{note.title}</Text>
                {note.detail && <Text slot="description">{note.detail}</Text>}
            </ToastContent>
            {note.action && (
                <Button
                    className="toast-action"
                    onPress={() => {
                        note.action?.run();
                        close();
                    }}
                >
                    {note.action.label}
                </Button>
            )}
        </>
    );
}
