#pragma once

#include "core/base/CurvePyramid.h"

#include <string>
#include <string_view>

namespace limpid::store {

// A block of a curve as bytes, little-endian, without loss. Points: the kind of values (1: 4-byte floats, where every value
// is one; 0: 8 bytes), their number, then steps and the bits of seconds as differences in as few bytes as they need, then the
// values. Node: its fields in their order.

std::string packPoints(std::span<const CurvePoint> points);
/// Nothing where the bytes are no packed points.
std::optional<std::vector<CurvePoint>> unpackPoints(std::string_view bytes);

std::string packNode(const CurveNode& node);
std::optional<CurveNode> unpackNode(std::string_view bytes);

} // namespace limpid::store
