#include "ui/charts/ExamplePlots.h"
#include "ui/charts/PlotTools.h"
#include "ui/text/CounterfactualTexts.h"

#include <QCoreApplication>

#include <algorithm>
#include <numeric>

namespace limpid {

using namespace plot;

namespace {

QString tr(const char* text, int n = -1) { return QCoreApplication::translate("ExamplePlots", text, nullptr, n); }

constexpr double head = 46.0, most = 30.0;

class CounterfactualDiff final : public Plot
{
public:
    explicit CounterfactualDiff(Counterfactuals given) : m_given(std::move(given)), m_order(static_cast<std::size_t>(m_given.columns.size()))
    {
        std::iota(m_order.begin(), m_order.end(), qsizetype(0));
        std::stable_sort(m_order.begin(), m_order.end(), [&](qsizetype a, qsizetype b) { return changes(a) > changes(b); });
    }

    double preferredHeight(double) const override { return head + 28.0 * static_cast<double>(std::max<std::size_t>(1, m_order.size())) + 4.0; }

    void paint(QPainter& painter, const QRectF& area, const Theme& theme) const override
    {
        painter.save();
        painter.setClipRect(area.adjusted(-1.0, -1.0, 1.0, 1.0));
        painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
        const ThemeColors& colors = theme.colors();
        QFont bold = theme.smallFont();
        bold.setWeight(QFont::DemiBold);
        for (int i = 0; i < cellColumns(); ++i) {
            const QRectF box = cell(0, i, area).translated(0.0, -head).adjusted(6.0, 0.0, -4.0, 0.0);
            painter.setFont(theme.smallFont());
            painter.setPen(colors.dim);
            drawText(painter, QRectF(box.left(), area.top(), box.width(), 18.0), Qt::AlignLeft | Qt::AlignVCenter,
                     i == 0 ? tr("this row") : tr("alternative %1").arg(i));
            painter.setFont(bold);
            painter.setPen(colors.text);
            drawText(painter, QRectF(box.left(), area.top() + 18.0, box.width(), 20.0), Qt::AlignLeft | Qt::AlignVCenter,
                     i == 0 ? m_given.prediction : m_given.alternatives[static_cast<std::size_t>(i - 1)].prediction);
        }
        for (std::size_t place = 0; place < m_order.size(); ++place) {
            const qsizetype column = m_order[place];
            const QRectF first = cell(place, 0, area);
            if (first.top() > area.bottom())
                break;
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(area.left(), std::round(first.top()) + 0.5), QPointF(area.right(), std::round(first.top()) + 0.5));
            if (first.height() < 9.0)
                continue;
            const bool isChanged = changes(column) > 0;
            painter.setFont(theme.smallFont());
            painter.setPen(isChanged ? colors.text : colors.dim);
            const QString name = m_given.columns[column];
            drawText(painter, QRectF(area.left(), first.top(), first.left() - area.left() - 8.0, first.height()), Qt::AlignLeft | Qt::AlignVCenter,
                     m_given.locked.contains(name) ? tr("%1 (locked)").arg(name) : name, Qt::ElideMiddle);
            for (int i = 0; i < cellColumns(); ++i) {
                const QRectF box = cell(place, i, area);
                const bool marked = i > 0 && differs(i - 1, column);
                if (marked) {
                    painter.setPen(QPen(colors.accent, 1.0));
                    painter.setBrush(colors.accentSoft);
                    painter.drawRoundedRect(box.adjusted(1.5, 2.5, -1.5, -1.5), 4.0, 4.0);
                }
                painter.setFont(marked ? bold : theme.smallFont());
                painter.setPen(marked || (i == 0 && isChanged) ? colors.text : colors.dim);
                drawText(painter, box.adjusted(6.0, 0.0, -6.0, 0.0), Qt::AlignLeft | Qt::AlignVCenter, marked ? tr("→ %1").arg(cellText(i, column)) : cellText(i, column));
            }
        }
        painter.restore();
    }

    QString sentence() const override
    {
        if (m_given.alternatives.empty())
            return tr("No alternative has been found: the prediction stays %1.").arg(m_given.prediction);
        // The one that changes least says most.
        int best = 0;
        const auto count = [&](int alternative) {
            int changed = 0;
            for (qsizetype column = 0; column < m_given.columns.size(); ++column)
                changed += differs(alternative, column);
            return changed;
        };
        for (int i = 1; i < static_cast<int>(m_given.alternatives.size()); ++i)
            if (count(i) < count(best))
                best = i;
        QStringList parts;
        for (const qsizetype column : m_order)
            if (differs(best, column))
                parts << tr("“%1” were %2 instead of %3").arg(m_given.columns[column], cellText(best + 1, column), cellText(0, column));
        if (parts.isEmpty())
            return tr("Alternative %1 changes nothing.").arg(best + 1);
        return tr("The prediction would be %1 instead of %2 if %3.").arg(m_given.alternatives[static_cast<std::size_t>(best)].prediction, m_given.prediction, parts.join(tr(" and ")));
    }

    std::vector<QStringList> table() const override
    {
        std::vector<QStringList> lines{{tr("column"), tr("this row")}};
        QStringList last{tr("prediction"), m_given.prediction};
        for (std::size_t i = 0; i < m_given.alternatives.size(); ++i) {
            lines.front() << tr("alternative %1").arg(i + 1);
            last << m_given.alternatives[i].prediction;
        }
        for (const qsizetype column : m_order) {
            QStringList line{m_given.columns[column], m_given.row.value(column)};
            for (const Counterfactuals::Alternative& alternative : m_given.alternatives)
                line << alternative.cells.value(column);
            lines.push_back(line);
        }
        lines.push_back(last);
        return lines;
    }

    int hit(const QPointF& point, const QRectF& area) const override
    {
        if (!area.contains(point))
            return -1;
        for (std::size_t place = 0; place < m_order.size(); ++place)
            for (int i = 0; i < cellColumns(); ++i)
                if (cell(place, i, area).contains(point))
                    return static_cast<int>(place) * cellColumns() + i;
        return -1;
    }

    QString tooltip(int item) const override
    {
        if (item < 0 || item >= static_cast<int>(m_order.size()) * cellColumns())
            return {};
        const qsizetype column = m_order[static_cast<std::size_t>(item / cellColumns())];
        const int i = item % cellColumns();
        if (i > 0 && differs(i - 1, column))
            return tr("%1\n%2 → %3").arg(m_given.columns[column], cellText(0, column), cellText(i, column));
        return tr("%1\n%2").arg(m_given.columns[column], cellText(i, column));
    }

private:
    int cellColumns() const { return 1 + static_cast<int>(m_given.alternatives.size()); }
    bool differs(int alternative, qsizetype column) const
    {
        return m_given.alternatives[static_cast<std::size_t>(alternative)].cells.value(column) != m_given.row.value(column);
    }
    int changes(qsizetype column) const
    {
        int count = 0;
        for (int i = 0; i < static_cast<int>(m_given.alternatives.size()); ++i)
            count += differs(i, column);
        return count;
    }
    QString cellText(int i, qsizetype column) const
    {
        const QString text = i == 0 ? m_given.row.value(column) : m_given.alternatives[static_cast<std::size_t>(i - 1)].cells.value(column);
        return text.isEmpty() ? tr("missing") : text;
    }
    QRectF cell(std::size_t place, int i, const QRectF& area) const
    {
        double names = 40.0;
        for (const QString& column : m_given.columns)
            names = std::max(names, 6.8 * static_cast<double>(column.size() + (m_given.locked.contains(column) ? 9 : 0)));
        names = std::min(names, area.width() * 0.3) + 12.0;
        const double width = std::min(200.0, (area.width() - names) / cellColumns());
        const double height = std::clamp((area.height() - head) / static_cast<double>(std::max<std::size_t>(1, m_order.size())), 1.0, most);
        return {area.left() + names + width * i, area.top() + head + height * static_cast<double>(place), std::max(1.0, width), height};
    }

    Counterfactuals m_given;
    std::vector<qsizetype> m_order;   ///< columns, those that change most often first
};

} // namespace

std::unique_ptr<Plot> makeCounterfactualDiff(Counterfactuals counterfactuals) { return std::make_unique<CounterfactualDiff>(std::move(counterfactuals)); }

std::unique_ptr<Plot> makeCounterfactualDiff(const CounterfactualOutcome& outcome)
{
    const auto list = [](const std::vector<std::string>& texts) {
        QStringList all;
        for (const std::string& text : texts)
            all << QString::fromStdString(text);
        return all;
    };
    const auto prediction = [&](const RowAnswer& answer) { return predictionText(outcome.task, answer.predicted, answer.outputs, outcome.output); };
    Counterfactuals given;
    for (const EffectColumn& column : outcome.columns)
        given.columns << QString::fromStdString(column.name);
    given.row = list(outcome.asked.cells);
    given.prediction = prediction(outcome.asked);
    for (const CounterfactualOutcome::Alternative& alternative : outcome.alternatives)
        given.alternatives.push_back({list(alternative.cells), prediction(alternative)});
    given.locked = list(outcome.locked);
    return makeCounterfactualDiff(std::move(given));
}

} // namespace limpid
