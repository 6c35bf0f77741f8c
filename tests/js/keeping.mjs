/* A phone judges what its outbox has put away. */

/** The judge `made` on `store`, with every scan kept before it is judged. */
export const keeping = (store, made) => ({ ...made, judge: async (scan) => (await store.put(scan), made.judge(scan)) });
