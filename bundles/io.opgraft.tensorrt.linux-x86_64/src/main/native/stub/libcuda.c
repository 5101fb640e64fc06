/*
 * Stands in for libcuda.so.1 in trials on machines without a driver, so that plugin libraries that need it by name can be
 * mapped. It has no functions: a library that calls some of them is refused there with their names.
 */
const char opgraft_driver_stub[] = "libcuda.so.1";
