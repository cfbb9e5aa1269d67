// PostGraphile 5.1 is made for Node 22. All that it lacks on Node 20, which everyone here is measured on, is one method.
Promise.withResolvers ??= function withResolvers() {
  const deferred = {};
  deferred.promise = new this((resolve, reject) => Object.assign(deferred, { resolve, reject }));
  return deferred;
};
