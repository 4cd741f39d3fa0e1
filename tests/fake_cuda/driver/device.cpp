// The one device, its primary context, and how functions are found.
#include <dlfcn.h>

#include <cstdio>

#include "fake.h"

using fake::contexts;
using fake::state;

extern "C" {
CUresult cuInit(unsigned) { ENTER_FREELY("cuInit"); return state().absent ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS; }
CUresult cuDriverGetVersion(int* version) { ENTER_FREELY("cuDriverGetVersion"); *version = 13000; return CUDA_SUCCESS; }
CUresult cuGetErrorName(CUresult code, const char** name) {
  *name = code == CUDA_ERROR_OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : "CUDA_ERROR";
  return CUDA_SUCCESS;
}
CUresult cuGetErrorString(CUresult code, const char** text) {
  static thread_local char said[64];
  snprintf(said, sizeof said, "error %d of the fake driver", static_cast<int>(code));
  *text = code == CUDA_ERROR_OUT_OF_MEMORY ? "out of memory" : said;
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetCount(int* count) { ENTER_FREELY("cuDeviceGetCount"); *count = state().absent ? 0 : 1; return CUDA_SUCCESS; }
CUresult cuDeviceGet(CUdevice* device, int index) {
  ENTER_FREELY("cuDeviceGet");
  *device = index;
  return index || state().absent ? CUDA_ERROR_INVALID_DEVICE : CUDA_SUCCESS;
}
CUresult cuDeviceGetName(char* name, int size, CUdevice) {
  ENTER_FREELY("cuDeviceGetName");
  snprintf(name, size, "Fake GPU");
  return CUDA_SUCCESS;
}
CUresult cuDeviceGetAttribute(int* value, CUdevice_attribute attribute, CUdevice) {
  ENTER_FREELY("cuDeviceGetAttribute");
  *value = attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR   ? 8
           : attribute == CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR ? 6
                                                                       : 1;
  return CUDA_SUCCESS;
}
CUresult cuDeviceTotalMem(size_t* bytes, CUdevice) { ENTER_FREELY("cuDeviceTotalMem"); *bytes = state().card_bytes; return CUDA_SUCCESS; }
CUresult cuDevicePrimaryCtxRetain(CUcontext* context, CUdevice) {
  ENTER_FREELY("cuDevicePrimaryCtxRetain");
  LOCKED;
  if (state().lost) return static_cast<CUresult>(state().lost);
  ++state().primary.retained;
  *context = &state().primary;
  return CUDA_SUCCESS;
}
CUresult cuDevicePrimaryCtxRelease(CUdevice) {
  ENTER_FREELY("cuDevicePrimaryCtxRelease");
  LOCKED;
  if (!state().primary.retained) return CUDA_ERROR_INVALID_CONTEXT;
  --state().primary.retained;
  return CUDA_SUCCESS;
}
CUresult cuCtxPushCurrent(CUcontext context) { ENTER_FREELY("cuCtxPushCurrent"); contexts.held.push_back(context); return CUDA_SUCCESS; }
CUresult cuCtxPopCurrent(CUcontext* context) {
  ENTER_FREELY("cuCtxPopCurrent");
  if (contexts.held.empty()) return CUDA_ERROR_INVALID_CONTEXT;
  if (context) *context = contexts.held.back();
  contexts.held.pop_back();
  return CUDA_SUCCESS;
}
CUresult cuCtxGetCurrent(CUcontext* context) {
  ENTER_FREELY("cuCtxGetCurrent");
  *context = contexts.held.empty() ? nullptr : contexts.held.back();
  return CUDA_SUCCESS;
}
CUresult cuCtxGetDevice(CUdevice* device) { ENTER("cuCtxGetDevice"); *device = 0; return CUDA_SUCCESS; }
CUresult cuCtxGetApiVersion(CUcontext, unsigned* version) { ENTER_FREELY("cuCtxGetApiVersion"); *version = 3020; return CUDA_SUCCESS; }
CUresult cuCtxSynchronize(void) {
  ENTER("cuCtxSynchronize");
  if (CUresult broken = fake::breaks_every_capture()) return broken;
  return fake::work_off_everything();
}

CUresult cuGetProcAddress(const char* name, void** function, int, cuuint64_t, CUdriverProcAddressQueryResult* status) {
  static void* self = dlopen("libcuda.so.1", RTLD_NOW | RTLD_NOLOAD);
  static void* unknown = dlsym(self, "fake_unknown");
  *function = nullptr;
  // The newest version that the fake has; else any, to be told that it is not supported.
  for (auto suffix : {"", "_v2", "_v3", "_v4"}) {
    void* found = dlsym(self, (std::string(name) + suffix).c_str());
    if (found && (found != unknown || !*function)) *function = found;
  }
  if (status) *status = *function ? CU_GET_PROC_ADDRESS_SUCCESS : CU_GET_PROC_ADDRESS_SYMBOL_NOT_FOUND;
  return *function ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
}
