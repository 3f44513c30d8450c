// What this device keeps (IndexedDB): what was read last, and the changes that the server does not have yet.

const openDatabase = () =>
    new Promise<IDBDatabase>((opened, failed) => {
        const asked = indexedDB.open('rondo', 1);
        asked.onupgradeneeded = () => {
            asked.result.createObjectStore('reads');
            asked.result.createObjectStore('outbox', { keyPath: 'seq', autoIncrement: true });
        };
        asked.onsuccess = () => opened(asked.result);
        asked.onerror = () => failed(asked.error ?? new Error('no IndexedDB'));
    });

let database: Promise<IDBDatabase> | undefined;

/** Runs one transaction; settles when it is on disk. Rejects where the browser keeps nothing. */
export async function inStore<Result>(
    name: 'reads' | 'outbox',
    mode: IDBTransactionMode,
    work: (store: IDBObjectStore) => IDBRequest<Result> | undefined,
): Promise<Result> {
    const transaction = (await (database ??= openDatabase())).transaction(name, mode);
    const request = work(transaction.objectStore(name));
    return new Promise((done, failed) => {
        transaction.oncomplete = () => done(request?.result as Result);
        transaction.onabort = () => failed(transaction.error ?? new Error('the change was not kept'));
    });
}
