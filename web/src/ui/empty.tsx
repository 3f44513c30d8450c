import type { LucideIcon } from 'lucide-react';

export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: string }) {
    return (
        <div className="empty">
            <span className="empty-icon">
                <Icon size={28} strokeWidth={1.6} aria-hidden />
            </span>
            <p className="empty-title">{title}</p>
            {children && <p>{children}</p>}
        </div>
    );
}
