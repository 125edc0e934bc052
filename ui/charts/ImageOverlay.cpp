#include "core/base/Error.h"
#include "ui/charts/ContributionScale.h"
#include "ui/charts/ExamplePlots.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("ExamplePlots", text); }

constexpr double title = 20.0, gap = 14.0, foot = 40.0;

class ImageOverlay final : public Plot
{
public:
    explicit ImageOverlay(ImageExplanation explanation) : m_e(std::move(explanation))
    {
        const std::size_t pixels = m_e.height * m_e.width;
        const auto require = [](bool fits, const char* name) {
            if (!fits)
                throw Error(ErrorCode::OptionInvalid, {{"name", name}, {"value", "of another size"}, {"expected", "as many as the image has"}});
        };
        require(m_e.channels == 1 || m_e.channels == 3, "channels");
        require(m_e.pixels.size() == pixels * m_e.channels, "pixels");
        require(m_e.segments.empty() || m_e.segments.size() == pixels, "segments");
        for (const std::uint32_t segment : m_e.segments) {
            require(segment < pixels, "segments");
            m_pixelsOf.resize(std::max<std::size_t>(m_pixelsOf.size(), segment + std::size_t{1}), 0);
            ++m_pixelsOf[segment];
        }
        std::vector<double> sizes;
        for (const ImageExplanation::Output& output : m_e.outputs) {
            require(output.contributions.size() == pixels, "contributions");
            require(output.errors.empty() || output.errors.size() == pixels, "errors");
            for (const double value : output.contributions)
                if (std::isfinite(value) && value != 0.0)
                    sizes.push_back(std::abs(value));
        }
        if (!sizes.empty()) {
            const auto place = sizes.begin() + static_cast<std::ptrdiff_t>(0.999 * static_cast<double>(sizes.size() - 1) + 0.5);
            std::nth_element(sizes.begin(), place, sizes.end());
            m_most = *place;
        }
        if (m_e.most > 0.0)
            m_most = m_e.most;
        bool any = false;
        for (const float value : m_e.pixels) {
            if (!std::isfinite(value))
                continue;
            m_low = any ? std::min(m_low, value) : value;
            m_high = any ? std::max(m_high, value) : value;
            any = true;
        }
    }

    double preferredHeight(double width) const override
    {
        const Grid grid = gridIn(QRectF(0.0, 0.0, width, 1e6));
        return grid.lines * (title + std::min(grid.side * ratio(), 320.0) + gap) + foot;
    }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        painter.setRenderHint(QPainter::SmoothPixmapTransform, false); // a pixel stays a pixel
        painter.setFont(theme.smallFont());
        const ThemeColors& colors = theme.colors();
        for (std::size_t i = 0; i <= m_e.outputs.size(); ++i) {
            const QRectF box = boxOf(i, area);
            const QString name = i == 0 ? tr("image") : tr("%1: %2").arg(m_e.outputs[i - 1].name, shortText(m_e.outputs[i - 1].prediction, 3));
            painter.setPen(i == 0 ? colors.dim : colors.text);
            drawText(painter, QRectF(box.left(), box.top() - title, box.width(), title - 2.0), Qt::AlignLeft | Qt::AlignVCenter, name, Qt::ElideMiddle);
            if (m_e.height > 0 && m_e.width > 0) {
                painter.drawImage(box, i == 0 ? picture() : overlay(m_e.outputs[i - 1], colors));
                paintOutlines(painter, box, i == 0 ? colors.accent : mix(colors.card, colors.text, 0.45));
            }
        }
        if (!m_e.outputs.empty())
            paintContributionScale(painter, QRectF(area.left(), area.bottom() - foot + 8.0, area.width(), 30.0), m_most, colors);
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_e.outputs.empty())
            return tr("No output has been explained.");
        const ImageExplanation::Output* best = &m_e.outputs.front();
        for (const ImageExplanation::Output& output : m_e.outputs)
            best = output.prediction > best->prediction ? &output : best;
        std::size_t strongest = best->contributions.size();
        double raises = 0.0, lowers = 0.0;
        std::vector<bool> counted(m_pixelsOf.size(), false);
        for (std::size_t i = 0; i < best->contributions.size(); ++i) {
            const double value = best->contributions[i];
            if (!std::isfinite(value) || (!counted.empty() && counted[m_e.segments[i]]))
                continue;
            if (!counted.empty())
                counted[m_e.segments[i]] = true;
            (value >= 0.0 ? raises : lowers) += value;
            if (strongest == best->contributions.size() || std::abs(value) > std::abs(best->contributions[strongest]))
                strongest = i;
        }
        if (strongest == best->contributions.size())
            return tr("No pixel tells anything of “%1”.").arg(best->name);
        if (!m_e.segments.empty())
            return tr("Superpixels raise “%1” by %2 and lower it by %3; the strongest begins at row %4, column %5 and has %6 pixels.")
                .arg(best->name, shortText(raises, 3), shortText(-lowers, 3)).arg(strongest / m_e.width).arg(strongest % m_e.width).arg(m_pixelsOf[m_e.segments[strongest]]);
        return tr("Pixels raise “%1” by %2 and lower it by %3; the strongest is at row %4, column %5.")
            .arg(best->name, shortText(raises, 3), shortText(-lowers, 3)).arg(strongest / m_e.width).arg(strongest % m_e.width);
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{tr("row"), tr("column")}};
        if (m_e.channels == 3)
            lines.front() << tr("red") << tr("green") << tr("blue");
        else
            lines.front() << tr("grey");
        if (!m_e.segments.empty())
            lines.front() << tr("superpixel");
        for (const ImageExplanation::Output& output : m_e.outputs)
            lines.front() << output.name;
        for (std::size_t i = 0; i < m_e.height * m_e.width; ++i) {
            QStringList line{QString::number(i / m_e.width), QString::number(i % m_e.width)};
            for (std::size_t c = 0; c < m_e.channels; ++c)
                line << QString::number(m_e.pixels[i * m_e.channels + c]);
            if (!m_e.segments.empty())
                line << QString::number(m_e.segments[i]);
            for (const ImageExplanation::Output& output : m_e.outputs)
                line << exactText(output.contributions[i]);
            lines.push_back(line);
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        const std::size_t pixels = m_e.height * m_e.width;
        for (std::size_t i = 0; i <= m_e.outputs.size() && pixels > 0; ++i) {
            const QRectF box = boxOf(i, area);
            if (!box.contains(point))
                continue;
            const auto y = std::min(m_e.height - 1, static_cast<std::size_t>((point.y() - box.top()) / box.height() * static_cast<double>(m_e.height)));
            const auto x = std::min(m_e.width - 1, static_cast<std::size_t>((point.x() - box.left()) / box.width() * static_cast<double>(m_e.width)));
            return static_cast<int>((i == 0 ? m_e.outputs.size() : i - 1) * pixels + y * m_e.width + x);
        }
        return -1;
    }

    QString tooltip(int item) const override
    {
        const std::size_t pixels = m_e.height * m_e.width;
        if (item < 0 || pixels == 0 || static_cast<std::size_t>(item) >= pixels * (m_e.outputs.size() + 1))
            return {};
        const std::size_t output = static_cast<std::size_t>(item) / pixels, pixel = static_cast<std::size_t>(item) % pixels;
        QStringList values;
        for (std::size_t c = 0; c < m_e.channels; ++c)
            values << shortText(m_e.pixels[pixel * m_e.channels + c], 3);
        QString text = tr("row %1, column %2: %3").arg(pixel / m_e.width).arg(pixel % m_e.width).arg(values.join(QStringLiteral(", ")));
        if (!m_e.segments.empty())
            text += QLatin1Char('\n') + tr("superpixel %1, of %2 pixels").arg(m_e.segments[pixel]).arg(m_pixelsOf[m_e.segments[pixel]]);
        if (output < m_e.outputs.size()) {
            const ImageExplanation::Output& shown = m_e.outputs[output];
            const double value = shown.contributions[pixel], error = shown.errors.empty() ? 0.0 : shown.errors[pixel];
            text += QStringLiteral("\n%1 %2").arg(shown.name, signedText(value, decimalsFor(value, 3)));
            if (error > 0.0)
                text += tr(" ± %1 (95 %)").arg(shortText(1.96 * error, 2));
        }
        return text;
    }

private:
    struct Grid { double columns = 1.0, lines = 1.0, side = 1.0; };
    double ratio() const { return m_e.width > 0 && m_e.height > 0 ? static_cast<double>(m_e.height) / static_cast<double>(m_e.width) : 1.0; }

    /// As many abreast as are at least 120 wide; where the area is low, more and smaller.
    Grid gridIn(const QRectF& area) const
    {
        const auto count = static_cast<double>(m_e.outputs.size() + 1);
        Grid best;
        for (double columns = 1.0; columns <= count; columns += 1.0) {
            const double lines = std::ceil(count / columns);
            const double wide = (area.width() - gap * (columns - 1.0)) / columns;
            const double high = ((area.height() - foot) / lines - title - gap) / ratio();
            const double side = std::max(1.0, std::min({wide, high, 320.0 / std::max(1.0, ratio())}));
            // Without a limit to the height, as few lines as leave each image large enough.
            if (area.height() > 1e5 ? wide >= 120.0 || columns == 1.0 : side > best.side + 0.5 || columns == 1.0)
                best = {columns, lines, side};
        }
        return best;
    }
    QRectF boxOf(std::size_t index, const QRectF& area) const
    {
        const Grid grid = gridIn(area);
        const double column = std::fmod(static_cast<double>(index), grid.columns), line = std::floor(static_cast<double>(index) / grid.columns);
        return {area.left() + column * (grid.side + gap), area.top() + title + line * (title + grid.side * ratio() + gap), grid.side, grid.side * ratio()};
    }

    int shade(std::size_t place) const
    {
        const float value = m_e.pixels[place];
        return m_high > m_low && std::isfinite(value) ? static_cast<int>(std::lround(255.0f * (value - m_low) / (m_high - m_low))) : 0;
    }
    QColor pixel(std::size_t index) const
    {
        const std::size_t at = index * m_e.channels;
        return m_e.channels == 3 ? QColor(shade(at), shade(at + 1), shade(at + 2)) : QColor(shade(at), shade(at), shade(at));
    }
    QImage picture() const
    {
        QImage image(static_cast<int>(m_e.width), static_cast<int>(m_e.height), QImage::Format_RGB32);
        for (std::size_t i = 0; i < m_e.height * m_e.width; ++i)
            image.setPixelColor(static_cast<int>(i % m_e.width), static_cast<int>(i / m_e.width), pixel(i));
        return image;
    }
    /// The image is only hinted at, in the card's own colours, so that 0 looks like nothing in either theme.
    QImage overlay(const ImageExplanation::Output& output, const ThemeColors& colors) const
    {
        QImage image(static_cast<int>(m_e.width), static_cast<int>(m_e.height), QImage::Format_RGB32);
        for (std::size_t i = 0; i < m_e.height * m_e.width; ++i) {
            const QColor ground = mix(colors.card, colors.text, 0.05 + 0.17 * qGray(pixel(i).rgb()) / 255.0);
            image.setPixelColor(static_cast<int>(i % m_e.width), static_cast<int>(i / m_e.width),
                                contributionColor(colors, output.contributions[i] / m_most, ground, 0.95));
        }
        return image;
    }

    /// Where segments meet, and around the image.
    void paintOutlines(QPainter& painter, const QRectF& box, const QColor& color) const
    {
        if (m_e.segments.empty())
            return;
        const double wide = box.width() / static_cast<double>(m_e.width), high = box.height() / static_cast<double>(m_e.height);
        std::vector<QLineF> lines;
        for (std::size_t y = 0; y < m_e.height; ++y) {
            for (std::size_t x = 0; x < m_e.width; ++x) {
                const std::size_t pixel = y * m_e.width + x;
                const double left = box.left() + static_cast<double>(x) * wide, top = box.top() + static_cast<double>(y) * high;
                if (x + 1 < m_e.width && m_e.segments[pixel] != m_e.segments[pixel + 1])
                    lines.emplace_back(left + wide, top, left + wide, top + high);
                if (y + 1 < m_e.height && m_e.segments[pixel] != m_e.segments[pixel + m_e.width])
                    lines.emplace_back(left, top + high, left + wide, top + high);
            }
        }
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(color, 1.0));
        painter.setBrush(Qt::NoBrush);
        painter.drawLines(lines.data(), static_cast<int>(lines.size()));
        painter.drawRect(box.adjusted(0.0, 0.0, -1.0, -1.0));
        painter.restore();
    }

    ImageExplanation m_e;
    std::vector<std::size_t> m_pixelsOf;   ///< of each segment
    double m_most = 1.0;
    float m_low = 0.0f, m_high = 0.0f;
};

} // namespace

std::unique_ptr<Plot> makeImageOverlay(ImageExplanation explanation) { return std::make_unique<ImageOverlay>(std::move(explanation)); }

} // namespace limpid
