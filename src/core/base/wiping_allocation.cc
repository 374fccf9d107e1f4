// Memory is wiped when it is given back: passwords, tokens and keys pass through strings and buffers of
// libraries that know nothing of secrets. Linked into programs, never into the library, which must not decide
// this for others.

#include <malloc.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

void* allocate(std::size_t octets, std::size_t alignment) {
  while (true) {
    void* memory = nullptr;
    if (alignment <= alignof(std::max_align_t)) {
      memory = std::malloc(octets == 0 ? 1 : octets);
    } else if (::posix_memalign(&memory, alignment, octets == 0 ? 1 : octets) != 0) {
      memory = nullptr;
    }
    if (memory != nullptr) return memory;
    const auto handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

void wipe_and_free(void* memory) noexcept {
  if (memory == nullptr) return;
  ::explicit_bzero(memory, ::malloc_usable_size(memory));
  std::free(memory);
}

}  // namespace

// The array and nothrow forms of the standard library call these.
void* operator new(std::size_t octets) {
  return allocate(octets, 0);
}
void* operator new(std::size_t octets, std::align_val_t alignment) {
  return allocate(octets, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::size_t /*octets*/) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::align_val_t /*alignment*/) noexcept {
  wipe_and_free(memory);
}
void operator delete(void* memory, std::size_t /*octets*/, std::align_val_t /*alignment*/) noexcept {
  wipe_and_free(memory);
}
