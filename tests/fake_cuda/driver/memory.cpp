// Memory: of the card, and pinned. Poisoned when it is given and when it is taken back, and never given twice.
#include <cstdlib>
#include <cstring>

#include "fake.h"

namespace fake {
namespace {
bool lies_in(const std::map<uintptr_t, size_t>& map, uintptr_t at, size_t size) {
  auto next = map.upper_bound(at);
  if (next == map.begin()) return false;
  --next;
  return at + size <= next->first + next->second;
}
bool is_pinned(const void* at, size_t size) { return lies_in(state().pinned_memory, reinterpret_cast<uintptr_t>(at), size); }

uintptr_t given(std::map<uintptr_t, size_t>& map, size_t size) {
  size_t rounded = size ? (size + 4095) / 4096 * 4096 : 4096;
  void* at = aligned_alloc(4096, rounded);
  memset(at, 0xCD, rounded);
  map[reinterpret_cast<uintptr_t>(at)] = size;
  return reinterpret_cast<uintptr_t>(at);
}

CUresult take_back(std::map<uintptr_t, size_t>& map, uintptr_t at) {
  if (CUresult captured = unsafe_call()) return captured;
  if (CUresult failed = work_off_what_nobody_runs()) return failed;
  LOCKED;
  if (state().gone.count(at)) return CUDA_SUCCESS;
  auto one = map.find(at);
  if (one == map.end()) { complain("freed twice"); return CUDA_ERROR_INVALID_VALUE; }
  if (graph_uses(at, one->second)) complain("memory was given back before a graph that uses it");
  memset(reinterpret_cast<void*>(at), 0xDD, one->second);
  forget_touches(at, one->second);
  map.erase(one);
  return CUDA_SUCCESS;
}

// The memory must be there when the copy is asked for, and still when it is done.
CUresult copy(CUdeviceptr card, const void* host, size_t size, bool up) {
  {
    LOCKED;
    if (!on_card(card, size) || !is_pinned(host, size)) return CUDA_ERROR_ILLEGAL_ADDRESS;
  }
  if (up) memcpy(reinterpret_cast<void*>(card), host, size);
  else memcpy(const_cast<void*>(host), reinterpret_cast<void*>(card), size);
  return CUDA_SUCCESS;
}

CUresult copy_later(CUdeviceptr card, const void* host, size_t size, bool up, CUstream stream) {
  LOCKED;
  if (!on_card(card, size)) return CUDA_ERROR_INVALID_VALUE;
  if (!is_pinned(host, size)) { complain("an asynchronous copy of pageable memory"); return CUDA_ERROR_INVALID_VALUE; }
  return queue(stream, {[=] { return copy(card, host, size, up); },
                        {{card, size, up}, {reinterpret_cast<uintptr_t>(host), size, !up}}, {}});
}

CUresult copy_now(CUdeviceptr card, void* host, size_t size, bool up) {
  if (CUresult captured = unsafe_call()) return captured;
  if (CUresult failed = work_off(&state().null_stream)) return failed;
  LOCKED;
  if (!on_card(card, size)) return CUDA_ERROR_INVALID_VALUE;
  if (up) memcpy(reinterpret_cast<void*>(card), host, size);
  else memcpy(host, reinterpret_cast<void*>(card), size);
  return CUDA_SUCCESS;
}
}  // namespace

bool on_card(CUdeviceptr at, size_t size) { return lies_in(state().device_memory, at, size); }
size_t taken() {
  size_t sum = 0;
  for (auto& one : state().device_memory) sum += one.second;
  return sum;
}
}  // namespace fake

using namespace fake;

extern "C" {
CUresult cuMemGetInfo(size_t* free_bytes, size_t* all_bytes) {
  ENTER("cuMemGetInfo");
  LOCKED;
  *all_bytes = state().card_bytes;
  *free_bytes = state().card_bytes - taken();
  return CUDA_SUCCESS;
}
CUresult cuMemAlloc(CUdeviceptr* at, size_t size) {
  ENTER("cuMemAlloc");
  if (CUresult captured = unsafe_call()) return captured;
  LOCKED;
  if (!size) return CUDA_ERROR_INVALID_VALUE;
  if (size > state().card_bytes - taken()) return CUDA_ERROR_OUT_OF_MEMORY;
  *at = given(state().device_memory, size);
  return CUDA_SUCCESS;
}
CUresult cuMemFree(CUdeviceptr at) { ENTER("cuMemFree"); return take_back(state().device_memory, at); }
CUresult cuMemGetAddressRange(CUdeviceptr* begin, size_t* size, CUdeviceptr at) {
  ENTER("cuMemGetAddressRange");
  LOCKED;
  if (!on_card(at, 1)) return CUDA_ERROR_NOT_FOUND;
  auto one = --state().device_memory.upper_bound(at);
  if (begin) *begin = one->first;
  if (size) *size = one->second;
  return CUDA_SUCCESS;
}
CUresult cuMemHostAlloc(void** at, size_t size, unsigned) {
  ENTER("cuMemHostAlloc");
  if (CUresult captured = unsafe_call()) return captured;
  LOCKED;
  *at = reinterpret_cast<void*>(given(state().pinned_memory, size));
  return CUDA_SUCCESS;
}
CUresult cuMemFreeHost(void* at) { ENTER("cuMemFreeHost"); return take_back(state().pinned_memory, reinterpret_cast<uintptr_t>(at)); }
CUresult cuMemcpyHtoDAsync(CUdeviceptr to, const void* from, size_t size, CUstream stream) {
  ENTER("cuMemcpyHtoDAsync");
  return copy_later(to, from, size, true, stream);
}
CUresult cuMemcpyDtoHAsync(void* to, CUdeviceptr from, size_t size, CUstream stream) {
  ENTER("cuMemcpyDtoHAsync");
  return copy_later(from, to, size, false, stream);
}
CUresult cuMemcpyHtoD(CUdeviceptr to, const void* from, size_t size) { ENTER("cuMemcpyHtoD"); return copy_now(to, const_cast<void*>(from), size, true); }
CUresult cuMemcpyDtoH(void* to, CUdeviceptr from, size_t size) { ENTER("cuMemcpyDtoH"); return copy_now(from, to, size, false); }
}
