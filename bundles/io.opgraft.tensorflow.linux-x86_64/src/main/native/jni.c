/* The entry points of io.opgraft.tensorflow.internal.Shim. */
#define _GNU_SOURCE
#include "scope.h"
#include "strings.h"

#include <dlfcn.h>
#include <jni.h>
#include <stdlib.h>
#include <string.h>

#define NAMED(method) JNICALL Java_io_opgraft_tensorflow_internal_Shim_##method

/* This copy's own function, or that of the copy which another class loader brought in first. */
static scope_load_function *load_function;

static char *copy_of(JNIEnv *env, jbyteArray bytes) {
    jsize length = (*env)->GetArrayLength(env, bytes);
    char *result = malloc((size_t)length + 1);
    if (result != NULL) {
        (*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)result);
        result[length] = '\0';
    }
    return result;
}

static const char *promote(void) {
    Dl_info self;
    if (dladdr((void *)promote, &self) == 0) {
        return "the op-scope library cannot find its own file";
    }
    if (dlopen(self.dli_fname, RTLD_NOLOAD | RTLD_NOW | RTLD_GLOBAL) == NULL) {
        return dlerror();
    }
    void *(*own)(const char *) = TF_NewOpDefinitionBuilder;
    if (global_symbol("TF_NewOpDefinitionBuilder") != (void *)own) {
        return "another library of this process defines TF_NewOpDefinitionBuilder globally, so ops cannot be kept apart";
    }
    load_function = opgraft_scope_load_v1;
    return NULL;
}

/* Called after TensorFlow was loaded. Null, or why ops cannot be loaded. */
JNIEXPORT jstring NAMED(attach)(JNIEnv *env, jclass type) {
    (void)type;
    const char *fault = NULL;
    if (framework_handle() == NULL || !strings_attach()) {
        fault = "TensorFlow's native libraries lack functions that this version of Opgraft needs";
    } else {
        load_function = (scope_load_function *)global_symbol("opgraft_scope_load_v1");
        if (load_function == NULL) {
            fault = promote();
        }
    }
    return fault == NULL ? NULL : (*env)->NewStringUTF(env, fault);
}

JNIEXPORT jbyteArray NAMED(load)(
    JNIEnv *env, jclass type, jbyteArray path, jbyteArray key, jbyteArray label, jboolean exclusive) {
    (void)type;
    char *c_path = copy_of(env, path);
    char *c_key = copy_of(env, key);
    char *c_label = copy_of(env, label);
    jbyteArray result = NULL;
    if (c_path != NULL && c_key != NULL && c_label != NULL) {
        char *answer = load_function(c_path, c_key, c_label, exclusive);
        jsize length = (jsize)strlen(answer);
        result = (*env)->NewByteArray(env, length);
        if (result != NULL) {
            (*env)->SetByteArrayRegion(env, result, 0, length, (const jbyte *)answer);
        }
        free(answer);
    }
    free(c_path);
    free(c_key);
    free(c_label);
    return result;
}

/* Before TensorFlow is loaded: keeps its start-up chatter off stderr unless the user asked for it. */
JNIEXPORT void NAMED(quiet)(JNIEnv *env, jclass type) {
    (void)env;
    (void)type;
    setenv("TF_CPP_MIN_LOG_LEVEL", "1", 0);
}

/* Whether TensorFlow or a library that it or this process has loaded defines a symbol. Runs no code of an op library. */
JNIEXPORT jboolean NAMED(defines)(JNIEnv *env, jclass type, jbyteArray symbol) {
    (void)type;
    char *name = copy_of(env, symbol);
    jboolean found = name != NULL
        && (dlsym(framework_handle(), name) != NULL || tensorflow_function(name) != NULL
            || global_symbol(name) != NULL);
    free(name);
    return found;
}

JNIEXPORT jobject NAMED(view)(JNIEnv *env, jclass type, jlong address, jlong size) {
    (void)type;
    return (*env)->NewDirectByteBuffer(env, (void *)(intptr_t)address, size);
}

JNIEXPORT jlong NAMED(allocate)(JNIEnv *env, jclass type, jlong size) {
    (void)env;
    (void)type;
    return (jlong)(intptr_t)malloc(size == 0 ? 1 : (size_t)size);
}

JNIEXPORT void NAMED(free)(JNIEnv *env, jclass type, jlong address) {
    (void)env;
    (void)type;
    free((void *)(intptr_t)address);
}

JNIEXPORT jlong NAMED(decodeStrings)(
    JNIEnv *env, jclass type, jlong source, jlong size, jlongArray dimensions, jlong count) {
    (void)type;
    jsize rank = (*env)->GetArrayLength(env, dimensions);
    int64_t *c_dimensions = malloc(sizeof(int64_t) * ((size_t)rank + 1));
    if (c_dimensions == NULL) {
        return STRINGS_NO_MEMORY;
    }
    (*env)->GetLongArrayRegion(env, dimensions, 0, rank, (jlong *)c_dimensions);
    jlong result = strings_decode((const uint8_t *)(intptr_t)source, size, c_dimensions, rank, count);
    free(c_dimensions);
    return result;
}

JNIEXPORT jlong NAMED(encodedStringsSize)(JNIEnv *env, jclass type, jlong strings, jlong count) {
    (void)env;
    (void)type;
    return strings_encoded_size((const void *)(intptr_t)strings, count);
}

JNIEXPORT void NAMED(encodeStrings)(JNIEnv *env, jclass type, jlong strings, jlong count, jlong target) {
    (void)env;
    (void)type;
    strings_encode((const void *)(intptr_t)strings, count, (uint8_t *)(intptr_t)target);
}

/* Whether every byte is 0 or 1: any other value is undefined behaviour in kernels, which use C++'s bool. */
JNIEXPORT jboolean NAMED(areBooleans)(JNIEnv *env, jclass type, jlong address, jlong size) {
    (void)env;
    (void)type;
    const uint8_t *bytes = (const uint8_t *)(intptr_t)address;
    uint8_t all = 0;
    for (jlong i = 0; i < size; i++) {
        all |= bytes[i];
    }
    return all <= 1 ? JNI_TRUE : JNI_FALSE;
}
