/* An op library that would register a file with TensorFlow's own protobuf; it never does, so it is safe to load. */
void _ZN6google8protobuf14DescriptorPool24InternalAddGeneratedFileEPKvi(const void *file, int size);

void *const registration = (void *)_ZN6google8protobuf14DescriptorPool24InternalAddGeneratedFileEPKvi;
