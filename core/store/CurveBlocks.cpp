#include "core/store/CurveBlocks.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace limpid::store {

static_assert(std::endian::native == std::endian::little, "blocks are written as they lie in memory");

namespace {

template<class Value>
void put(std::string& bytes, const Value& value)
{
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Small differences of either sign in few bytes: zigzag, then seven bits a byte.
void putDifference(std::string& bytes, std::uint64_t from, std::uint64_t to)
{
    const auto difference = static_cast<std::int64_t>(to - from);
    auto left = static_cast<std::uint64_t>(difference) << 1 ^ static_cast<std::uint64_t>(difference >> 63);
    for (; left >= 0x80; left >>= 7)
        bytes.push_back(static_cast<char>(left | 0x80));
    bytes.push_back(static_cast<char>(left));
}

/// Reads from the front; `ok` turns false where the bytes end too early.
class Reader
{
public:
    explicit Reader(std::string_view bytes) : m_at(bytes.data()), m_end(bytes.data() + bytes.size()) {}
    bool ok = true;
    std::size_t left() const { return static_cast<std::size_t>(m_end - m_at); }

    template<class Value>
    void get(Value& value)
    {
        if (left() < sizeof value) {
            ok = false;
            return;
        }
        std::memcpy(&value, m_at, sizeof value);
        m_at += sizeof value;
    }

    std::uint64_t getDifference(std::uint64_t from)
    {
        std::uint64_t all = 0;
        for (int shift = 0; shift < 70 && m_at != m_end; shift += 7) {
            const auto byte = static_cast<unsigned char>(*m_at++);
            all |= static_cast<std::uint64_t>(byte & 0x7f) << std::min(shift, 63);
            if (byte < 0x80)
                return from + (all >> 1 ^ (0 - (all & 1)));
        }
        ok = false;
        return from;
    }

private:
    const char *m_at, *m_end;
};

bool isFloat(double value)
{
    return std::bit_cast<std::uint64_t>(static_cast<double>(static_cast<float>(value))) == std::bit_cast<std::uint64_t>(value);
}

/// The fields of a node, in the order in which they are written.
template<class Node, class Visit>
void visitNode(Node& node, Visit visit)
{
    visit(node.count);
    visit(node.finite);
    visit(node.firstStep);
    visit(node.lastStep);
    visit(node.firstSeconds);
    visit(node.lastSeconds);
    for (auto* point : {&node.first, &node.last, &node.low, &node.high, &node.lowPositive}) {
        visit(point->step);
        visit(point->seconds);
        visit(point->value);
    }
}

} // namespace

std::string packPoints(std::span<const CurvePoint> points)
{
    const bool floats = std::all_of(points.begin(), points.end(), [](const CurvePoint& point) { return isFloat(point.value); });
    std::string bytes;
    bytes.reserve(5 + points.size() * 16);
    bytes.push_back(floats ? 1 : 0);
    put(bytes, static_cast<std::uint32_t>(points.size()));
    std::uint64_t before = 0;
    for (const CurvePoint& point : points) {
        const auto step = static_cast<std::uint64_t>(point.step);
        putDifference(bytes, before, step);
        before = step;
    }
    before = 0;
    for (const CurvePoint& point : points) {
        const auto seconds = std::bit_cast<std::uint64_t>(point.seconds);
        putDifference(bytes, before, seconds);
        before = seconds;
    }
    for (const CurvePoint& point : points) {
        if (floats)
            put(bytes, static_cast<float>(point.value));
        else
            put(bytes, point.value);
    }
    return bytes;
}

std::optional<std::vector<CurvePoint>> unpackPoints(std::string_view bytes)
{
    Reader reader(bytes);
    std::uint8_t kind = 2;
    std::uint32_t count = 0;
    reader.get(kind);
    reader.get(count);
    if (kind > 1 || count > reader.left()) // a point takes more than a byte
        return std::nullopt;
    std::vector<CurvePoint> points(count);
    std::uint64_t before = 0;
    for (CurvePoint& point : points)
        point.step = static_cast<std::int64_t>(before = reader.getDifference(before));
    before = 0;
    for (CurvePoint& point : points)
        point.seconds = std::bit_cast<double>(before = reader.getDifference(before));
    for (CurvePoint& point : points) {
        if (float value = 0.0F; kind == 1) {
            reader.get(value);
            point.value = value;
        } else {
            reader.get(point.value);
        }
    }
    if (!reader.ok || reader.left() != 0)
        return std::nullopt;
    return points;
}

std::string packNode(const CurveNode& node)
{
    std::string bytes;
    visitNode(node, [&bytes](const auto& field) { put(bytes, field); });
    return bytes;
}

std::optional<CurveNode> unpackNode(std::string_view bytes)
{
    Reader reader(bytes);
    CurveNode node;
    visitNode(node, [&reader](auto& field) { reader.get(field); });
    if (!reader.ok || reader.left() != 0)
        return std::nullopt;
    return node;
}

} // namespace limpid::store
