#include "ui/charts/LineChart.h"

#include "ui/charts/Envelope.h"
#include "ui/charts/Plot.h"
#include "ui/charts/PlotMenu.h"
#include "ui/charts/PlotTools.h"

#include <QChart>
#include <QChartView>
#include <QContextMenuEvent>
#include <QGraphicsLayout>
#include <QKeyEvent>
#include <QLineSeries>
#include <QMouseEvent>
#include <QTimer>
#include <QVBoxLayout>
#include <QValueAxis>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace limpid {

using namespace plot;

namespace {

constexpr int refreshMs = 100;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

struct Range {
    double min = std::numeric_limits<double>::infinity(), max = -std::numeric_limits<double>::infinity();
    void add(double value)
    {
        if (std::isfinite(value)) {
            min = std::min(min, value);
            max = std::max(max, value);
        }
    }
    bool isEmpty() const { return !(min <= max); }
    double span() const { return max - min; }
};

struct Line {
    QString name;
    LineChart::Role role = LineChart::Role::Other;
    bool faint = false;
    std::vector<QPointF> points;
    std::vector<QPointF> shown;     ///< envelope in the view, y as drawn (its logarithm on the log scale)
    QLineSeries* series = nullptr;
};

} // namespace

/// Qt Charts draws the lines; grid, ticks, labels and crosshair are painted here, so that none is clipped or framed.
struct LineChart::Private {
    class View final : public QChartView
    {
    public:
        View(QChart* chart, Private& owner, QWidget* parent) : QChartView(chart, parent), m_owner(owner) {}

    protected:
        void drawBackground(QPainter* painter, const QRectF&) override { m_owner.paintGrid(*painter); }
        void drawForeground(QPainter* painter, const QRectF&) override { m_owner.paintLabels(*painter); }

    private:
        Private& m_owner;
    };

    LineChart* q = nullptr;
    const Theme& theme;
    QString xLabel, yLabel, bestLabel;
    QChart* chart = nullptr;
    View* view = nullptr;
    QValueAxis *xAxis = nullptr, *yAxis = nullptr;
    std::vector<Line> lines;
    QTimer timer;
    bool log = false;
    double best = nothing, expectedEnd = nothing;
    std::optional<Range> zoom;      ///< the x range one has chosen; none: everything
    Range x, y;                     ///< as drawn
    QRectF area;
    Ticks xTicks, yTicks;
    std::optional<QPointF> cursor;
    std::optional<double> dragFrom; ///< x value under the pressed mouse

    Private(LineChart* chartWidget, const Theme& itsTheme) : q(chartWidget), theme(itsTheme) {}

    double drawn(double value) const { return log ? (value > 0.0 ? std::log10(value) : nothing) : value; }
    double px(double value) const { return area.left() + (value - x.min) / x.span() * area.width(); }
    double py(double value) const { return area.bottom() - (value - y.min) / y.span() * area.height(); }
    double valueAt(double pixel) const { return x.min + (pixel - area.left()) / std::max(1.0, area.width()) * x.span(); }
    QFontMetricsF metrics() const { return QFontMetricsF(theme.smallFont()); }

    QColor colorOf(const Line& line) const
    {
        const ThemeColors& colors = theme.colors();
        const QColor color = line.role == Role::Train ? colors.lowers : line.role == Role::Validation ? colors.raises : colors.good;
        return line.faint ? mix(colors.card, color, 0.35) : color;
    }

    void later()
    {
        if (!timer.isActive())
            timer.start(refreshMs);
    }

    Range everything() const
    {
        Range all;
        for (const Line& line : lines) {
            if (!line.points.empty()) {
                all.add(line.points.front().x());
                all.add(line.points.back().x());
            }
        }
        if (all.isEmpty()) {
            all.min = 0.0;
            all.max = 1.0;
        }
        if (std::isfinite(expectedEnd))
            all.max = std::max(all.max, expectedEnd);
        if (all.min > 0.0 && all.min <= 0.2 * all.max)
            all.min = 0.0; // epochs count from 1, but the axis is easier read from 0
        if (!(all.span() > 0.0))
            all.max = all.min + 1.0;
        return all;
    }

    QString tickText(double value) const
    {
        return log ? shortText(std::pow(10.0, value), 2) : fixedText(value, yTicks.decimals);
    }

    /// On the log scale: 1, 2 and 5 of each decade, thinned to decades where there are many.
    void setLogTicks(int most)
    {
        yTicks = {};
        for (int level = 0; level < 3; ++level) {
            std::vector<double> values;
            for (int decade = static_cast<int>(std::floor(y.min)); decade <= static_cast<int>(std::ceil(y.max)); ++decade) {
                for (double factor : {1.0, 2.0, 3.0, 5.0, 7.0}) {
                    if ((level > 0 && (factor == 3.0 || factor == 7.0)) || (level > 1 && factor != 1.0))
                        continue;
                    const double value = decade + std::log10(factor);
                    if (value >= y.min && value <= y.max)
                        values.push_back(value);
                }
            }
            yTicks.values = values;
            if (static_cast<int>(values.size()) <= most)
                break;
        }
    }

    void refresh()
    {
        x = zoom ? *zoom : everything();
        const int buckets = std::clamp(view->width(), 64, 4096);
        Range strong, faint;
        for (Line& line : lines) {
            line.shown = envelope(line.points, x.min, x.max, buckets);
            std::vector<double> values;
            for (QPointF& point : line.shown) {
                point.setY(drawn(point.y()));
                if (std::isfinite(point.y()) && point.x() >= x.min && point.x() <= x.max)
                    values.push_back(point.y());
            }
            std::erase_if(line.shown, [](const QPointF& point) { return !std::isfinite(point.y()); });
            if (values.empty())
                continue;
            if (line.faint) {
                // A few wild steps must not squeeze everything else.
                std::sort(values.begin(), values.end());
                const std::size_t cut = values.size() / 100;
                faint.add(values[cut]);
                faint.add(values[values.size() - 1 - cut]);
            } else {
                const auto [low, high] = std::minmax_element(values.begin(), values.end());
                strong.add(*low);
                strong.add(*high);
            }
        }
        y = strong;
        y.add(faint.min);
        y.add(faint.max);
        if (y.isEmpty()) {
            y.min = 0.0;
            y.max = 1.0;
        }
        const double border = y.span() > 0.0 ? y.span() * 0.06 : std::max(0.05, std::abs(y.max) * 0.1);
        y.min -= border;
        y.max += border;

        const QFontMetricsF font = metrics();
        double names = 0.0, labels = 0.0;
        for (const Line& line : lines)
            if (!line.faint && !line.points.empty())
                names = std::max(names, textWidth(font, line.name));
        const double height = std::max(30.0, view->height() - 22.0 - 36.0);
        const int most = std::clamp(static_cast<int>(height / 44.0), 2, 7);
        if (log)
            setLogTicks(most);
        if (!log || yTicks.values.size() < 2) {
            yTicks = niceTicks(y.min, y.max, most);
        }
        for (double value : yTicks.values)
            labels = std::max(labels, textWidth(font, tickText(value)));
        // Where the axis goes on beyond the lines, their names stand inside it.
        const double lastX = [this] {
            double last = -std::numeric_limits<double>::infinity();
            for (const Line& line : lines)
                if (!line.points.empty())
                    last = std::max(last, line.points.back().x());
            return last;
        }();
        const double width = view->width() - labels - 10.0 - 8.0;
        const double inside = (x.max - lastX) / x.span() * width;
        const double right = names > 0.0 && inside < names + 10.0 ? std::min(names + 10.0, view->width() * 0.3) : 8.0;
        area = QRectF(labels + 10.0, 22.0, std::max(40.0, view->width() - labels - 10.0 - right), height);
        xTicks = niceTicks(x.min, x.max, std::clamp(static_cast<int>(area.width() / 80.0), 2, 8));

        chart->setPlotArea(area);
        xAxis->setRange(x.min, x.max);
        yAxis->setRange(y.min, y.max);
        for (Line& line : lines) {
            QPen pen(colorOf(line), line.faint ? 1.0 : 1.8);
            pen.setCosmetic(true);
            line.series->setPen(pen);
            line.series->replace(QList<QPointF>(line.shown.begin(), line.shown.end()));
        }
        view->setBackgroundBrush(theme.colors().card);
        q->setAccessibleDescription(q->sentence());
        view->viewport()->update();
    }

    void paintGrid(QPainter& painter) const
    {
        const ThemeColors& colors = theme.colors();
        painter.save();
        painter.resetTransform();
        painter.fillRect(view->viewport()->rect(), colors.card);
        painter.setFont(theme.smallFont());
        painter.setPen(colors.dim);
        if (std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.points.empty(); })) {
            // Axes without values would be invented ones.
            drawText(painter, QRectF(view->viewport()->rect()), Qt::AlignCenter, LineChart::tr("Appears with the first values of a run"));
            painter.restore();
            return;
        }
        drawText(painter, QRectF(0, 0, view->width(), 18), Qt::AlignLeft | Qt::AlignVCenter, yLabel);
        for (double value : yTicks.values) {
            const double at = std::round(py(value)) + 0.5;
            painter.setPen(QPen(colors.line, 1.0));
            painter.drawLine(QPointF(area.left(), at), QPointF(area.right(), at));
            painter.setPen(colors.dim);
            painter.drawText(QRectF(0, at - 9, area.left() - 8, 18), Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip, tickText(value));
        }
        const QFontMetricsF font = metrics();
        const double unit = textWidth(font, xLabel);
        painter.setPen(colors.dim);
        for (double value : xTicks.values) {
            const QString text = fixedText(value, xTicks.decimals);
            const double width = textWidth(font, text);
            const double left = std::clamp(px(value) - width / 2, 0.0, std::max(0.0, view->width() - width));
            painter.drawText(QRectF(left, area.bottom() + 4, width, 16), Qt::AlignCenter | Qt::TextDontClip, text);
        }
        painter.drawText(QRectF(area.center().x() - unit / 2, area.bottom() + 19, unit, 16), Qt::AlignCenter | Qt::TextDontClip, xLabel);
        painter.restore();
    }

    void paintLabels(QPainter& painter) const
    {
        const ThemeColors& colors = theme.colors();
        painter.save();
        painter.resetTransform();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(theme.smallFont());
        const QFontMetricsF font = metrics();
        if (std::isfinite(best) && best >= x.min && best <= x.max) {
            const double at = std::round(px(best)) + 0.5;
            painter.setPen(QPen(colors.faint, 1.0, Qt::DashLine));
            painter.drawLine(QPointF(at, area.top()), QPointF(at, area.bottom()));
            // Above the lines, so that neither crosses the other, and clear of the axis' name.
            const double width = textWidth(font, bestLabel);
            const double from = yLabel.isEmpty() ? 0.0 : textWidth(font, yLabel) + 10.0;
            const double left = std::max(from, std::min(at - width / 2, view->width() - width));
            painter.setPen(colors.dim);
            painter.drawText(QRectF(left, 2.0, width, 16), Qt::AlignVCenter | Qt::TextDontClip, bestLabel);
        }
        std::vector<std::pair<double, const Line*>> ends;
        for (const Line& line : lines) {
            const auto inView = [this](const QPointF& point) { return point.x() <= x.max; };
            const auto last = std::find_if(line.shown.rbegin(), line.shown.rend(), inView);
            if (!line.faint && last != line.shown.rend())
                ends.emplace_back(py(last->y()), &line);
        }
        std::sort(ends.begin(), ends.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        double free = area.top() - 8.0;
        for (auto& [at, line] : ends) {
            free = std::clamp(at - 8.0, free, std::max(free, area.bottom() - 12.0));
            const QPointF end = *std::find_if(line->shown.rbegin(), line->shown.rend(), [this](const QPointF& p) { return p.x() <= x.max; });
            const double left = std::min(px(end.x()) + 6.0, area.right() + 6.0);
            painter.setPen(colorOf(*line));
            drawText(painter, QRectF(left, free, view->width() - left, 16.0), Qt::AlignLeft | Qt::AlignVCenter, line->name);
            free += 15.0;
        }
        paintCrosshair(painter, font);
        painter.restore();
    }

    void paintCrosshair(QPainter& painter, const QFontMetricsF& font) const
    {
        if (!cursor || !area.contains(*cursor))
            return;
        const ThemeColors& colors = theme.colors();
        const double wanted = valueAt(cursor->x());
        struct Entry { QString text; QColor color; QPointF at; };
        std::vector<Entry> entries;
        double at = wanted;
        for (const Line& line : lines) {
            if (line.faint || line.points.empty())
                continue;
            auto above = std::lower_bound(line.points.begin(), line.points.end(), wanted,
                                          [](const QPointF& point, double value) { return point.x() < value; });
            if (above == line.points.end() || (above != line.points.begin() && wanted - (above - 1)->x() < above->x() - wanted))
                --above;
            entries.push_back({QStringLiteral("%1  %2").arg(line.name, shortText(above->y(), 4)), colorOf(line), {px(above->x()), py(drawn(above->y()))}});
            if (entries.size() == 1)
                at = above->x();
        }
        if (entries.empty())
            return;
        painter.setPen(QPen(colors.faint, 1.0));
        painter.drawLine(QPointF(cursor->x(), area.top()), QPointF(cursor->x(), area.bottom()));
        const QString head = QStringLiteral("%1 %2").arg(xLabel, shortText(at, 5));
        double width = textWidth(font, head);
        for (const Entry& entry : entries)
            width = std::max(width, textWidth(font, entry.text));
        const QSizeF size(width + 16.0, 16.0 * static_cast<double>(entries.size() + 1) + 10.0);
        QRectF box(QPointF(cursor->x() + 10.0, area.top() + 4.0), size);
        if (box.right() > view->width())
            box.moveRight(cursor->x() - 10.0);
        for (const Entry& entry : entries) {
            if (!area.contains(entry.at))
                continue;
            painter.setPen(QPen(colors.card, 1.5));
            painter.setBrush(entry.color);
            painter.drawEllipse(entry.at, 4.0, 4.0);
        }
        painter.setPen(QPen(colors.line, 1.0));
        painter.setBrush(colors.card);
        painter.drawRoundedRect(box, 4.0, 4.0);
        painter.setPen(colors.dim);
        painter.drawText(QRectF(box.left() + 8, box.top() + 5, width, 16), Qt::AlignVCenter | Qt::TextDontClip, head);
        for (std::size_t i = 0; i < entries.size(); ++i) {
            painter.setPen(entries[i].color);
            painter.drawText(QRectF(box.left() + 8, box.top() + 5 + 16.0 * static_cast<double>(i + 1), width, 16),
                             Qt::AlignVCenter | Qt::TextDontClip, entries[i].text);
        }
    }

    void zoomBy(double factor, double about)
    {
        const Range all = everything();
        Range next;
        next.min = std::max(all.min, about - (about - x.min) * factor);
        next.max = std::min(all.max, about + (x.max - about) * factor);
        if (next.span() >= all.span() * 0.999)
            zoom.reset();
        else if (next.span() > all.span() * 1e-4)
            zoom = next;
        refresh();
    }

    void panBy(double distance)
    {
        if (!zoom)
            return;
        const Range all = everything();
        distance = std::clamp(distance, all.min - zoom->min, all.max - zoom->max);
        zoom->min += distance;
        zoom->max += distance;
        refresh();
    }
};

LineChart::LineChart(const Theme& theme, const QString& xLabel, const QString& yLabel, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, theme))
{
    d->xLabel = xLabel;
    d->yLabel = yLabel;
    d->chart = new QChart;
    d->chart->setBackgroundVisible(false);
    d->chart->setMargins({});
    d->chart->layout()->setContentsMargins(0, 0, 0, 0);
    d->chart->legend()->hide();
    d->view = new Private::View(d->chart, *d, this);
    d->view->setFrameShape(QFrame::NoFrame);
    d->view->setRenderHint(QPainter::Antialiasing);
    d->view->setFocusPolicy(Qt::NoFocus);
    d->view->setContextMenuPolicy(Qt::NoContextMenu);
    d->view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    d->view->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    d->view->setViewportUpdateMode(QGraphicsView::FullViewportUpdate);
    d->view->viewport()->setMouseTracking(true);
    d->view->viewport()->installEventFilter(this);
    d->xAxis = new QValueAxis(d->chart);
    d->yAxis = new QValueAxis(d->chart);
    d->xAxis->setVisible(false);
    d->yAxis->setVisible(false);
    d->chart->addAxis(d->xAxis, Qt::AlignBottom);
    d->chart->addAxis(d->yAxis, Qt::AlignLeft);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(d->view);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumSize(160, 120);
    setAccessibleName(yLabel);
    d->timer.setSingleShot(true);
    connect(&d->timer, &QTimer::timeout, this, [this] { d->refresh(); });
    connect(&theme, &Theme::changed, this, [this] { d->refresh(); });
    d->later();
}

LineChart::~LineChart() = default;

int LineChart::addLine(const QString& name, Role role, bool faint)
{
    Line line;
    line.name = name;
    line.role = role;
    line.faint = faint;
    line.series = new QLineSeries(d->chart);
    d->chart->addSeries(line.series);
    line.series->attachAxis(d->xAxis);
    line.series->attachAxis(d->yAxis);
    d->lines.push_back(std::move(line));
    d->later();
    return static_cast<int>(d->lines.size()) - 1;
}

void LineChart::setPoints(int line, std::vector<QPointF> points)
{
    d->lines[static_cast<std::size_t>(line)].points = std::move(points);
    d->later();
}

void LineChart::appendPoints(int line, std::span<const QPointF> points)
{
    auto& own = d->lines[static_cast<std::size_t>(line)].points;
    own.insert(own.end(), points.begin(), points.end());
    d->later();
}

void LineChart::clear()
{
    for (Line& line : d->lines)
        line.points.clear();
    d->zoom.reset();
    d->best = nothing;
    d->later();
}

void LineChart::setXLabel(const QString& label)
{
    d->xLabel = label;
    d->zoom.reset();
    d->later();
}

void LineChart::setYLabel(const QString& label)
{
    d->yLabel = label;
    setAccessibleName(label);
    d->later();
}

void LineChart::setExpectedEnd(double x)
{
    d->expectedEnd = x;
    d->later();
}

void LineChart::setBest(double x, const QString& label)
{
    d->best = x;
    d->bestLabel = label;
    d->later();
}

void LineChart::setLogScale(bool log)
{
    d->log = log;
    d->refresh();
}

void LineChart::fit()
{
    d->zoom.reset();
    d->refresh();
}

bool LineChart::isFitted() const { return !d->zoom; }

QString LineChart::sentence() const
{
    QString text = toPlot()->sentence();
    if (std::isfinite(d->best))
        text += QLatin1Char(' ') + tr("Marked: %1.").arg(d->bestLabel);
    return text;
}

std::unique_ptr<Plot> LineChart::toPlot() const
{
    // An envelope is enough for a picture, and its table stays short enough to be read.
    std::vector<Curve> curves;
    for (const Line& line : d->lines)
        curves.push_back({line.name, envelope(line.points, d->x.min, d->x.max, 1024), line.faint});
    return makeCurves(std::move(curves), d->xLabel, d->yLabel);
}

QSize LineChart::sizeHint() const { return {420, 220}; }

bool LineChart::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != d->view->viewport())
        return QWidget::eventFilter(watched, event);
    switch (event->type()) {
    case QEvent::MouseMove: {
        const QPointF at = static_cast<QMouseEvent*>(event)->position();
        d->cursor = at;
        if (d->dragFrom)
            d->panBy(*d->dragFrom - d->valueAt(at.x()));
        d->view->viewport()->update();
        return true;
    }
    case QEvent::Leave:
        d->cursor.reset();
        d->view->viewport()->update();
        return false;
    case QEvent::MouseButtonPress:
        setFocus(Qt::MouseFocusReason);
        if (static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton)
            d->dragFrom = d->valueAt(static_cast<QMouseEvent*>(event)->position().x());
        return true;
    case QEvent::MouseButtonRelease:
        d->dragFrom.reset();
        return true;
    case QEvent::MouseButtonDblClick:
        fit();
        return true;
    case QEvent::Wheel: {
        const auto* wheel = static_cast<QWheelEvent*>(event);
        const double turns = wheel->angleDelta().y() / 120.0;
        if (turns != 0.0)
            d->zoomBy(std::pow(0.8, turns), d->valueAt(wheel->position().x()));
        event->accept();
        return true;
    }
    default:
        return false;
    }
}

void LineChart::keyPressEvent(QKeyEvent* event)
{
    const double middle = (d->x.min + d->x.max) / 2;
    if (event->matches(QKeySequence::Copy))
        copyPicture(*toPlot(), size(), d->theme);
    else if (event->key() == Qt::Key_Plus || event->key() == Qt::Key_Equal)
        d->zoomBy(0.8, middle);
    else if (event->key() == Qt::Key_Minus)
        d->zoomBy(1.25, middle);
    else if (event->key() == Qt::Key_0)
        fit();
    else if (event->key() == Qt::Key_Left || event->key() == Qt::Key_Right)
        d->panBy(d->x.span() * (event->key() == Qt::Key_Left ? -0.1 : 0.1));
    else
        QWidget::keyPressEvent(event);
}

void LineChart::contextMenuEvent(QContextMenuEvent* event)
{
    const QPoint at = event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(rect().center());
    showPlotMenu(std::shared_ptr<const Plot>(toPlot()), size(), d->theme, this, at);
}

void LineChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->refresh();
}

} // namespace limpid
