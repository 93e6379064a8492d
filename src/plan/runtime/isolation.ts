/**
 * Variables of every container, unless a role sets them: no packages from a home folder, and caches
 * where any user may write, since the home folder is not there.
 */
export const isolation: Readonly<Record<string, string>> = {
  PYTHONNOUSERSITE: "1",
  XDG_CACHE_HOME: "/tmp/r1sgg/cache",
  TRITON_HOME: "/tmp/r1sgg",
};
