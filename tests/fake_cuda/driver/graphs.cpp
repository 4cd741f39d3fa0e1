// Captures and graphs: what may not be done meanwhile, and what breaks a capture until it is ended.
#include "fake.h"

namespace fake {
// By the capturing thread unless it captures relaxed, by any while one captures globally.
CUresult unsafe_call() {
  LOCKED;
  CUresult found = CUDA_SUCCESS;
  for (auto stream : state().streams) {
    if (!stream->capture) continue;
    bool own = stream->capture->thread == std::this_thread::get_id();
    bool global = stream->capture->mode == CU_STREAM_CAPTURE_MODE_GLOBAL;
    if (global || (own && stream->capture->mode == CU_STREAM_CAPTURE_MODE_THREAD_LOCAL)) {
      stream->capture->broken = true;
      found = CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
    }
  }
  return found;
}

// Waiting for the whole card breaks every capture, whatever its mode and thread.
CUresult breaks_every_capture() {
  LOCKED;
  CUresult found = CUDA_SUCCESS;
  for (auto stream : state().streams)
    if (CUresult broken = break_own(stream)) found = broken;
  return found;
}

CUresult break_own(CUstream stream) {
  LOCKED;
  if (!stream->capture) return CUDA_SUCCESS;
  stream->capture->broken = true;
  return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

// Whether an executable graph would touch this memory.
bool graph_uses(uintptr_t begin, size_t size) {
  for (auto exec : state().execs)
    for (auto& op : exec->ops)
      for (auto& use : op.uses)
        if (use.begin < begin + size && begin < use.begin + use.size) return true;
  return false;
}
}  // namespace fake

using namespace fake;

extern "C" {
CUresult cuStreamBeginCapture(CUstream stream, CUstreamCaptureMode mode) {
  ENTER("cuStreamBeginCapture");
  LOCKED;
  if (real(stream) == &state().null_stream) return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
  if (stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
  stream->capture.reset(new Capture{new CUgraph_st, mode, std::this_thread::get_id()});
  return CUDA_SUCCESS;
}
CUresult cuStreamIsCapturing(CUstream stream, CUstreamCaptureStatus* status) {
  ENTER("cuStreamIsCapturing");
  LOCKED;
  auto& capture = real(stream)->capture;
  *status = !capture          ? CU_STREAM_CAPTURE_STATUS_NONE
            : capture->broken ? CU_STREAM_CAPTURE_STATUS_INVALIDATED
                              : CU_STREAM_CAPTURE_STATUS_ACTIVE;
  return CUDA_SUCCESS;
}
CUresult cuStreamEndCapture(CUstream stream, CUgraph* graph) {
  CUresult refused = enter("cuStreamEndCapture");
  LOCKED;
  *graph = nullptr;
  if (refused) {  // it has ended all the same
    if (stream->capture) delete stream->capture->graph;
    stream->capture.reset();
    return refused;
  }
  if (!stream->capture) return CUDA_ERROR_ILLEGAL_STATE;
  if (stream->capture->mode != CU_STREAM_CAPTURE_MODE_RELAXED && stream->capture->thread != std::this_thread::get_id())
    return CUDA_ERROR_STREAM_CAPTURE_WRONG_THREAD;
  auto capture = std::move(stream->capture);
  if (capture->broken) { delete capture->graph; return CUDA_ERROR_STREAM_CAPTURE_INVALIDATED; }
  *graph = capture->graph;
  state().graphs.insert(*graph);
  return CUDA_SUCCESS;
}
CUresult cuGraphInstantiateWithFlags(CUgraphExec* exec, CUgraph graph, unsigned long long) {
  ENTER("cuGraphInstantiate");
  LOCKED;
  if (!state().graphs.count(graph)) return CUDA_ERROR_INVALID_VALUE;
  *exec = new CUgraphExec_st{graph->ops};
  state().execs.insert(*exec);
  return CUDA_SUCCESS;
}
CUresult cuGraphDestroy(CUgraph graph) {
  ENTER("cuGraphDestroy");
  LOCKED;
  if (!state().graphs.erase(graph)) return CUDA_ERROR_INVALID_VALUE;
  delete graph;
  return CUDA_SUCCESS;
}
CUresult cuGraphExecDestroy(CUgraphExec exec) {
  ENTER("cuGraphExecDestroy");
  LOCKED;
  if (!state().execs.erase(exec)) return CUDA_ERROR_INVALID_VALUE;
  delete exec;
  return CUDA_SUCCESS;
}
CUresult cuGraphLaunch(CUgraphExec exec, CUstream stream) {
  ENTER("cuGraphLaunch");
  LOCKED;
  if (!state().execs.count(exec)) return CUDA_ERROR_INVALID_VALUE;
  if (real(stream)->capture) return CUDA_ERROR_NOT_SUPPORTED;  // of real ones it would become a part
  for (auto& op : exec->ops)
    if (CUresult result = queue(stream, op)) return result;
  return CUDA_SUCCESS;
}
}
