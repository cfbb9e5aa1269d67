// What one request has read: a DataLoader for each question, made when it is first asked.
import DataLoader from 'dataloader';

/** `load(name, batch)` answers the loader of this name; `batch(db, keys)`: one value a key, in their order. */
export function toLoaders(db, divisions) {
  const loaders = new Map();
  return {
    db,
    divisions,
    load(name, toBatch) {
      let loader = loaders.get(name);
      if (loader === undefined) {
        const batch = toBatch();
        loader = new DataLoader((keys) => batch(db, keys));
        loaders.set(name, loader);
      }
      return loader;
    },
  };
}
