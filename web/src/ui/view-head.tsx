import type { ReactNode } from 'react';
import { useEffect } from 'react';

export function ViewHead({ title, sub, children }: { title: string; sub?: ReactNode; children?: ReactNode }) {
    useEffect(() => {
        document.title = `${title} · Rondo`;
    }, [title]);
    return (
        <header className="view-head">
            <div>
                <h1>{title}</h1>
                {sub && <p className="quiet">{sub}</p>}
            </div>
            {children && <div className="row">{children}</div>}
        </header>
    );
}
