package io.opgraft.elf;

/**
 * One entry of the dynamic symbol table.
 *
 * @param name mangled name as the file has it
 * @param binding how it is bound
 * @param defined whether the file defines it; otherwise another library has to
 * @param version symbol version such as {@code GLIBC_2.2.5}; empty if the file states none
 */
public record ElfSymbol(String name, ElfBinding binding, boolean defined, String version) {}
