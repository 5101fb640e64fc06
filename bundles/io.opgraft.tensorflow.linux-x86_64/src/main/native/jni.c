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

static jbyteArray bytes_of(JNIEnv *env, const char *text) {
    jsize length = (jsize)strlen(text);
    jbyteArray result = (*env)->NewByteArray(env, length);
    if (result != NULL) {
        (*env)->SetByteArrayRegion(env, result, 0, length, (const jbyte *)text);
    }
    return result;
}

/* Called after TensorFlow was loaded. Null, or why ops cannot be loaded. */
JNIEXPORT jstring NAMED(attach)(JNIEnv *env, jclass type) {
    (void)type;
    const char *fault = NULL;
    if (framework_handle() == NULL || !strings_attach()) {
        fault = "TensorFlow's native libraries lack functions that this version of Opgraft needs";
    } else {
        load_function = (scope_load_function *)global_symbol("opgraft_scope_load_v2");
        if (load_function == NULL) {
            fault = opgraft_scope_promote_v1();
            load_function = opgraft_scope_load_v2;
        }
    }
    return fault == NULL ? NULL : (*env)->NewStringUTF(env, fault);
}

JNIEXPORT jbyteArray NAMED(load)(
    JNIEnv *env, jclass type, jbyteArray paths, jbyteArray key, jbyteArray label, jbyteArray claims) {
    (void)type;
    char *c_paths = copy_of(env, paths);
    char *c_key = copy_of(env, key);
    char *c_label = copy_of(env, label);
    char *c_claims = copy_of(env, claims);
    jbyteArray result = NULL;
    if (c_paths != NULL && c_key != NULL && c_label != NULL && c_claims != NULL) {
        char *answer = load_function(c_paths, c_key, c_label, c_claims);
        result = bytes_of(env, answer);
        free(answer);
    }
    free(c_paths);
    free(c_key);
    free(c_label);
    free(c_claims);
    return result;
}

/* Before TensorFlow is loaded: keeps its start-up chatter off stderr unless the user asked for it. */
JNIEXPORT void NAMED(quiet)(JNIEnv *env, jclass type) {
    (void)env;
    (void)type;
    setenv("TF_CPP_MIN_LOG_LEVEL", "1", 0);
}

static int has(void *handle, const char *name, const char *version) {
    return handle != NULL && (*version == '\0' ? dlsym(handle, name) : dlvsym(handle, name, version)) != NULL;
}

/*
 * Whether TensorFlow or a library that it or this process has loaded defines a symbol, in a version unless that is empty.
 * Runs no code of an op library.
 */
JNIEXPORT jboolean NAMED(defines)(JNIEnv *env, jclass type, jbyteArray symbol, jbyteArray version) {
    (void)type;
    char *c_name = copy_of(env, symbol);
    char *c_version = copy_of(env, version);
    jboolean found = c_name != NULL && c_version != NULL
        && (has(framework_handle(), c_name, c_version) || has(tensorflow_handle(), c_name, c_version)
            || has(dlopen(NULL, RTLD_LAZY), c_name, c_version));
    free(c_name);
    free(c_version);
    return found;
}

typedef char *demangle_function(const char *name, char *buffer, size_t *length, int *status);

/* By the C++ runtime that TensorFlow brings in. Null for a name that is none of C++'s. */
JNIEXPORT jbyteArray NAMED(demangle)(JNIEnv *env, jclass type, jbyteArray symbol) {
    (void)type;
    demangle_function *demangle = (demangle_function *)dlsym(framework_handle(), "__cxa_demangle");
    char *c_name = copy_of(env, symbol);
    char *text = NULL;
    if (demangle != NULL && c_name != NULL && strncmp(c_name, "_Z", 2) == 0) {
        int status;
        text = demangle(c_name, NULL, NULL, &status);
    }
    jbyteArray result = text == NULL ? NULL : bytes_of(env, text);
    free(c_name);
    free(text);
    return result;
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
