#include "ui/charts/ContributionScale.h"
#include "ui/charts/ExamplePlots.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text) { return QCoreApplication::translate("ExamplePlots", text); }

constexpr double line = 24.0, head = 24.0, foot = 40.0;

class TextHighlight final : public Plot
{
public:
    explicit TextHighlight(TextExplanation explanation) : m_e(std::move(explanation))
    {
        std::erase_if(m_e.spans, [&](const TextExplanation::Span& span) { return span.begin < 0 || span.end > m_e.text.size() || span.begin >= span.end; });
        std::stable_sort(m_e.spans.begin(), m_e.spans.end(), [](const auto& a, const auto& b) { return a.begin < b.begin; });
        double most = 0.0;
        for (const TextExplanation::Span& span : m_e.spans)
            if (std::isfinite(span.value))
                most = std::max(most, std::abs(span.value));
        m_most = most > 0.0 ? most : 1.0;
        // Pieces: the spans and what stands between them, broken where a line may break.
        qsizetype at = 0;
        for (std::size_t i = 0; i < m_e.spans.size(); ++i) {
            addPieces(at, std::max(at, m_e.spans[i].begin), -1);
            addPieces(std::max(at, m_e.spans[i].begin), m_e.spans[i].end, static_cast<int>(i));
            at = std::max(at, m_e.spans[i].end);
        }
        addPieces(at, m_e.text.size(), -1);
    }

    double preferredHeight(double width) const override { return head + line * lay(width, QFontMetricsF(Theme(nullptr).bodyFont())).lines + foot; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        const ThemeColors& colors = theme.colors();
        painter.setFont(theme.smallFont());
        painter.setPen(colors.dim);
        drawText(painter, QRectF(area.left(), area.top(), area.width(), 16.0), Qt::AlignLeft | Qt::AlignVCenter, headline());
        painter.setFont(theme.bodyFont());
        m_layout = lay(area.width(), QFontMetricsF(painter.font(), painter.device()));
        const auto room = static_cast<double>(std::max(1.0, std::floor((area.height() - head - foot) / line)));
        for (std::size_t i = 0; i < m_pieces.size(); ++i) {
            const QRectF box = m_layout.boxes[i].translated(area.topLeft());
            if (m_layout.boxes[i].top() >= head + room * line || box.width() <= 0.0)
                continue;
            if (m_pieces[i].span >= 0) {
                painter.setPen(Qt::NoPen);
                painter.setBrush(contributionColor(colors, value(m_pieces[i].span) / m_most, colors.card, 0.55));
                painter.drawRoundedRect(box.adjusted(-1.0, 2.0, 1.0, -2.0), 3.0, 3.0);
            }
            painter.setPen(m_pieces[i].span >= 0 ? colors.text : colors.dim);
            drawText(painter, box, Qt::AlignLeft | Qt::AlignVCenter, withoutSpaces(m_pieces[i].text));
        }
        painter.setFont(theme.smallFont());
        if (m_layout.lines > room) {
            painter.setPen(colors.dim);
            drawText(painter, QRectF(area.left(), area.bottom() - foot - 4.0, area.width(), 14.0), Qt::AlignRight | Qt::AlignVCenter, tr("the text goes on"));
        }
        if (!m_e.spans.empty())
            paintContributionScale(painter, QRectF(area.left(), area.top() + head + std::min<double>(room, m_layout.lines) * line + 10.0, area.width(), 30.0), m_most, colors);
        painter.restore();
    }

    QString sentence() const override
    {
        int raises = -1, lowers = -1;
        for (int i = 0; i < static_cast<int>(m_e.spans.size()); ++i) {
            if (value(i) > 0.0 && (raises < 0 || value(i) > value(raises)))
                raises = i;
            if (value(i) < 0.0 && (lowers < 0 || value(i) < value(lowers)))
                lowers = i;
        }
        if (raises < 0 && lowers < 0)
            return tr("No word tells anything of “%1”.").arg(m_e.output);
        QStringList parts;
        if (raises >= 0)
            parts << tr("“%1” raises “%2” most, by %3").arg(word(raises), m_e.output, shortText(value(raises), 3));
        if (lowers >= 0)
            parts << tr("“%1” lowers “%2” most, by %3").arg(word(lowers), m_e.output, shortText(-value(lowers), 3));
        return parts.join(QStringLiteral("; ")) + QLatin1Char('.');
    }

    std::vector<QStringList> table() const override
    {
        const bool sampled = std::any_of(m_e.spans.begin(), m_e.spans.end(), [](const auto& span) { return span.error > 0.0; });
        std::vector<QStringList> lines{{tr("begin"), tr("end"), tr("text"), m_e.output}};
        if (sampled)
            lines.front() << tr("standard error");
        for (int i = 0; i < static_cast<int>(m_e.spans.size()); ++i) {
            const TextExplanation::Span& span = m_e.spans[static_cast<std::size_t>(i)];
            lines.push_back({QString::number(span.begin), QString::number(span.end), word(i), exactText(span.value)});
            if (sampled)
                lines.back() << exactText(span.error);
        }
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        for (std::size_t i = 0; i < std::min(m_pieces.size(), m_layout.boxes.size()); ++i)
            if (m_pieces[i].span >= 0 && m_layout.boxes[i].translated(area.topLeft()).contains(point))
                return m_pieces[i].span;
        return -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || item >= static_cast<int>(m_e.spans.size()))
            return {};
        const QString text = QStringLiteral("%1\n%2 %3").arg(word(item), m_e.output, signedText(value(item), decimalsFor(value(item), 3)));
        const double error = m_e.spans[static_cast<std::size_t>(item)].error;
        return error > 0.0 ? text + QStringLiteral(" ± %1").arg(shortText(1.96 * error, 2)) : text;
    }

private:
    struct Piece { QString text; int span = -1; bool breakAfter = false; };
    struct Layout { std::vector<QRectF> boxes; double lines = 1.0; };

    double value(int span) const { return m_e.spans[static_cast<std::size_t>(span)].value; }
    QString word(int span) const
    {
        const TextExplanation::Span& s = m_e.spans[static_cast<std::size_t>(span)];
        return m_e.text.mid(s.begin, s.end - s.begin).simplified();
    }
    QString headline() const
    {
        QString text = m_e.output;
        if (std::isfinite(m_e.prediction))
            text += QLatin1Char(' ') + shortText(m_e.prediction, 3);
        if (std::isfinite(m_e.base))
            text += (m_e.wordless ? tr(", against %1 without any word") : tr(", against %1 on average")).arg(shortText(m_e.base, 3));
        return text;
    }

    void addPieces(qsizetype begin, qsizetype end, int span)
    {
        QString text;
        const auto flush = [&](bool breaks) {
            if (!text.isEmpty() || breaks)
                m_pieces.push_back({text, span, breaks});
            text.clear();
        };
        for (qsizetype i = begin; i < end; ++i) {
            const QChar c = m_e.text[i];
            if (c == QLatin1Char('\n')) {
                flush(true);
            } else {
                text += c == QLatin1Char('\t') ? QChar(QLatin1Char(' ')) : c;
                if (c.isSpace())
                    flush(false);
            }
        }
        flush(false);
    }

    static QString withoutSpaces(const QString& text)
    {
        qsizetype end = text.size();
        while (end > 0 && text[end - 1].isSpace())
            --end;
        return text.left(end);
    }

    /// A word goes to the next line as a whole, but for one that is longer than a line: that one is elided. Spaces behind a
    /// word need no room.
    Layout lay(double width, const QFontMetricsF& metrics) const
    {
        Layout layout;
        double x = 0.0, y = head;
        std::vector<double> widths, solid;
        for (const Piece& piece : m_pieces) {
            widths.push_back(metrics.horizontalAdvance(piece.text));
            solid.push_back(metrics.horizontalAdvance(withoutSpaces(piece.text)));
        }
        const auto endsWord = [this](std::size_t i) { return m_pieces[i].breakAfter || m_pieces[i].text.isEmpty() || m_pieces[i].text.back().isSpace(); };
        for (std::size_t i = 0; i < m_pieces.size(); ++i) {
            // Pieces up to the next space belong together: a word and the comma behind it.
            std::size_t last = i;
            double together = 0.0;
            while (!endsWord(last) && last + 1 < m_pieces.size())
                together += widths[last++];
            together += solid[last];
            const bool startsWord = i == 0 || endsWord(i - 1);
            if (x > 0.0 && ((startsWord && x + together > width) || x + solid[i] > width)) {
                x = 0.0;
                y += line;
            }
            layout.boxes.emplace_back(x, y, std::max(0.0, std::min(widths[i], width - x)), line);
            x += widths[i];
            if (m_pieces[i].breakAfter) {
                x = 0.0;
                y += line;
            }
        }
        layout.lines = (y - head) / line + 1.0;
        return layout;
    }

    TextExplanation m_e;
    std::vector<Piece> m_pieces;
    double m_most = 1.0;
    mutable Layout m_layout; ///< of the last painting: words' places follow from the font
};

} // namespace

std::unique_ptr<Plot> makeTextHighlight(TextExplanation explanation) { return std::make_unique<TextHighlight>(std::move(explanation)); }

} // namespace limpid
