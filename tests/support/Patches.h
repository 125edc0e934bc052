#pragma once

#include <QByteArray>

namespace limpid::test {

/// Pixels high and wide.
inline constexpr int patchesSide = 12;

/// A table of pictures with a bright patch of 4 × 4 at the left ("where" is "left") or at the right; where exactly, and how bright, differs.
inline QByteArray patches(int rows)
{
    constexpr int pixels = patchesSide * patchesSide;
    QByteArray text;
    for (int pixel = 0; pixel < pixels; ++pixel)
        text += "p" + QByteArray::number(pixel) + ',';
    text += "where\n";
    for (int row = 0; row < rows; ++row) {
        const bool left = row % 2 == 0;
        const int top = row * 7 % 8, begin = left ? row * 3 % 2 : 7 + row * 3 % 2;
        for (int pixel = 0; pixel < pixels; ++pixel) {
            const int y = pixel / patchesSide - top, x = pixel % patchesSide - begin;
            text += QByteArray::number(y >= 0 && y < 4 && x >= 0 && x < 4 ? 180 + (row * 13 + pixel * 7) % 70 : 0) + ',';
        }
        text += left ? "left\n" : "right\n";
    }
    return text;
}

} // namespace limpid::test
