#include "ui/charts/LineChart.h"

#include "ui/charts/AxisZoom.h"
#include "ui/charts/PlotMenu.h"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPixmap>
#include <QTimer>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace limpid {

using namespace plot;

namespace {

constexpr int refreshMs = 100, finerMs = 10;
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

struct Line {
    QString name;
    LineRole role = LineRole::Other;
    int shade = 0;
    bool faint = false;
    bool ownX = false;                        ///< points over an x of their own, kept as seconds
    double steps = 1.0, epochs = 1.0;
    std::shared_ptr<CurveBuffer> buffer;      ///< what is appended here
    std::shared_ptr<CurveSource> source;      ///< what is drawn: the buffer, or another
};

} // namespace

struct LineChart::Private {
    LineChart* q = nullptr;
    const Theme& theme;
    QString xLabel, yLabel, bestLabel, whenEmpty;
    std::vector<Line> lines;
    QTimer timer;
    CurveAxis axis = CurveAxis::Step;
    bool log = false;
    double best = nothing, expectedEnd = nothing;
    AxisZoom zoom;
    std::shared_ptr<LinePlot> shown;
    LinePlot::Frame frame;          ///< of `shown` in this widget
    QPixmap picture;                ///< of `shown`
    bool painted = false;           ///< whether the picture is
    bool stale = false;             ///< `shown` lags behind what is known
    std::shared_ptr<ChartCursor> cursor = std::make_shared<ChartCursor>();
    std::optional<double> dragFrom; ///< x value under the pressed mouse
    std::function<void(const QString&, std::vector<CurveColumn>)> saveCsv;
    std::function<void(QMenu&)> extendMenu;

    Private(LineChart* chart, const Theme& itsTheme) : q(chart), theme(itsTheme) {}

    Line& at(int line) { return lines[static_cast<std::size_t>(line)]; }
    CurveX over(const Line& line) const { return line.ownX || axis == CurveAxis::Time ? CurveX::Seconds : CurveX::Step; }
    double factor(const Line& line) const
    {
        return over(line) == CurveX::Seconds ? 1.0 : axis == CurveAxis::Epoch ? line.epochs : line.steps;
    }

    void later(int ms = refreshMs)
    {
        if (!timer.isActive() || timer.remainingTime() > ms)
            timer.start(ms);
    }

    void setSource(Line& line, std::shared_ptr<CurveSource> source)
    {
        if (line.source)
            line.source->changed = {};
        line.source = std::move(source);
        line.source->changed = [this] { later(finerMs); };
        later();
    }

    void forget(Line& line)
    {
        line.buffer = std::make_shared<CurveBuffer>();
        setSource(line, line.buffer);
    }

    AxisRange everything() const
    {
        AxisRange all;
        for (const Line& line : lines) {
            if (!line.source->isEmpty()) {
                all.add(line.source->begin(over(line)) * factor(line));
                all.add(line.source->end(over(line)) * factor(line));
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

    void refresh()
    {
        timer.stop();
        stale = false;
        const AxisRange x = zoom.shown(everything());
        // Columns on a grid that stays while one pans: a column keeps its points, and what was read for it serves again.
        const int columns = std::clamp(q->width(), 64, 4096);
        const double width = x.span() / columns, from = std::floor(x.min / width) * width;
        std::vector<LinePlot::Line> drawn;
        for (const Line& line : lines) {
            LinePlot::Line now{line.name, line.role, line.shade, line.faint};
            const CurveX along = over(line);
            const double scale = factor(line);
            const CurveView view{along, from / scale, (from + (columns + 1) * width) / scale, columns + 1, log};
            for (const CurvePoint& point : line.source->envelope(view))
                now.points.emplace_back(curveX(point, along) * scale, point.value);
            if (!line.source->isEmpty() && !line.faint) {
                if (const auto first = line.source->nearest(along, line.source->begin(along)))
                    now.first = QPointF(curveX(*first, along) * scale, first->value);
                if (const auto last = line.source->nearest(along, line.source->end(along)))
                    now.last = QPointF(curveX(*last, along) * scale, last->value);
            }
            drawn.push_back(std::move(now));
        }
        shown = std::make_shared<LinePlot>(std::move(drawn), LinePlot::Axes{xLabel, yLabel, x.min, x.max, log, best, bestLabel, whenEmpty, from, width});
        frame = shown->frame(QRectF(q->rect()), QFontMetricsF(theme.smallFont()));
        painted = false;
        q->setAccessibleDescription(shown->sentence());
        q->update();
    }

    void paintCrosshair(QPainter& painter) const
    {
        if (!cursor->x() || *cursor->x() < frame.xMin || *cursor->x() > frame.xMax)
            return;
        const double wanted = *cursor->x(), pixel = frame.at({wanted, 1.0}).x();
        const ThemeColors& colors = theme.colors();
        struct Entry { QString text; QColor color; QPointF at; };
        std::vector<Entry> entries;
        double at = wanted;
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const Line& line = lines[i];
            if (line.faint || i >= shown->lines().size())
                continue;
            const CurveX along = over(line);
            const auto near = line.source->isEmpty() ? std::nullopt : line.source->nearest(along, wanted / factor(line));
            if (!near)
                continue;
            const QPointF point(curveX(*near, along) * factor(line), near->value);
            entries.push_back({QStringLiteral("%1  %2").arg(line.name, shortText(near->value, 4)), LinePlot::colorOf(shown->lines()[i], colors), frame.at(point)});
            if (entries.size() == 1)
                at = point.x();
        }
        if (entries.empty())
            return;
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setFont(theme.smallFont());
        const QFontMetricsF font(theme.smallFont());
        painter.setPen(QPen(colors.faint, 1.0));
        painter.drawLine(QPointF(pixel, frame.plot.top()), QPointF(pixel, frame.plot.bottom()));
        const QString head = QStringLiteral("%1 %2").arg(xLabel, shortText(at, std::max(5, static_cast<int>(std::ceil(std::log10(std::abs(at) + 1.0))))));
        double width = textWidth(font, head);
        for (const Entry& entry : entries)
            width = std::max(width, textWidth(font, entry.text));
        const QSizeF size(width + 16.0, 16.0 * static_cast<double>(entries.size() + 1) + 10.0);
        QRectF box(QPointF(pixel + 10.0, frame.plot.top() + 4.0), size);
        if (box.right() > q->width())
            box.moveRight(pixel - 10.0);
        for (const Entry& entry : entries) {
            if (!frame.plot.contains(entry.at))
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
        if (zoom.zoomBy(everything(), {frame.xMin, frame.xMax}, factor, about))
            refresh();
    }

    void panBy(double distance)
    {
        if (zoom.panBy(everything(), distance))
            refresh();
    }
};

LineChart::LineChart(const Theme& theme, const QString& xLabel, const QString& yLabel, QWidget* parent)
    : QWidget(parent), d(std::make_unique<Private>(this, theme))
{
    d->xLabel = xLabel;
    d->yLabel = yLabel;
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(160, 120);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(yLabel);
    d->timer.setSingleShot(true);
    connect(&d->timer, &QTimer::timeout, this, [this] {
        d->stale = !isVisible(); // what nobody sees is drawn once it is looked at
        if (!d->stale)
            d->refresh();
    });
    connect(&theme, &Theme::changed, this, [this] { d->refresh(); });
    shareCursor(d->cursor);
    d->refresh();
}

LineChart::~LineChart()
{
    for (Line& line : d->lines) // a source may live on
        line.source->changed = {};
}

int LineChart::addLine(const QString& name, Role role, bool faint, int shade)
{
    Line line;
    line.name = name;
    line.role = role;
    line.faint = faint;
    line.shade = shade;
    d->forget(line);
    d->lines.push_back(std::move(line));
    return static_cast<int>(d->lines.size()) - 1;
}

void LineChart::setLineName(int line, const QString& name)
{
    d->at(line).name = name;
    d->later();
}

void LineChart::setPoints(int line, std::vector<QPointF> points)
{
    d->forget(d->at(line));
    appendPoints(line, std::span<const QPointF>(points));
}

void LineChart::appendPoints(int line, std::span<const QPointF> points)
{
    Line& own = d->at(line);
    own.ownX = true;
    std::int64_t step = own.buffer->size();
    for (const QPointF& point : points) {
        const CurvePoint one{++step, point.x(), point.y()};
        own.buffer->append(std::span(&one, 1));
    }
    d->later();
}

void LineChart::appendPoints(int line, std::span<const CurvePoint> points)
{
    d->at(line).buffer->append(points);
    d->later();
}

void LineChart::setSource(int line, std::shared_ptr<CurveSource> source)
{
    d->setSource(d->at(line), std::move(source));
}

void LineChart::setUnits(int line, double steps, double epochs)
{
    d->at(line).steps = steps;
    d->at(line).epochs = epochs;
    d->later();
}

void LineChart::setAxis(CurveAxis axis)
{
    if (axis != d->axis)
        d->zoom.reset();
    d->axis = axis;
    d->later();
}

void LineChart::clear()
{
    removeCompared();
    for (Line& line : d->lines)
        d->forget(line);
    d->zoom.reset();
    d->best = nothing;
    d->later();
}

void LineChart::removeCompared() { removeLines(Role::Compared); }

void LineChart::removeLines(Role role)
{
    for (Line& line : d->lines)
        if (line.role == role)
            line.source->changed = {};
    std::erase_if(d->lines, [role](const Line& line) { return line.role == role; });
    d->later();
}

void LineChart::clearLine(int line)
{
    d->forget(d->at(line));
}

void LineChart::setFaint(int line, bool faint)
{
    d->at(line).faint = faint;
    d->later();
}

void LineChart::setXLabel(const QString& label)
{
    if (label != d->xLabel)
        d->zoom.reset();
    d->xLabel = label;
    d->later();
}

void LineChart::setYLabel(const QString& label)
{
    d->yLabel = label;
    setAccessibleName(label);
    d->later();
}

void LineChart::setWhenEmpty(const QString& text)
{
    d->whenEmpty = text;
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

bool LineChart::isFitted() const { return d->zoom.isWhole(); }

void LineChart::shareCursor(std::shared_ptr<ChartCursor> cursor)
{
    disconnect(d->cursor.get(), nullptr, this, nullptr);
    d->cursor = std::move(cursor);
    connect(d->cursor.get(), &ChartCursor::moved, this, [this] { update(); });
}

void LineChart::setCsvSaver(std::function<void(const QString&, std::vector<CurveColumn>)> save)
{
    d->saveCsv = std::move(save);
}

void LineChart::setMenu(std::function<void(QMenu&)> extend)
{
    d->extendMenu = std::move(extend);
}

std::vector<CurveColumn> LineChart::columns() const
{
    std::vector<CurveColumn> columns;
    for (const Line& line : d->lines)
        columns.push_back({line.name, line.source->reader()});
    return columns;
}

QString LineChart::sentence() const { return toPlot()->sentence(); }

std::unique_ptr<Plot> LineChart::toPlot() const
{
    d->refresh(); // with what came since the last drawing
    return std::make_unique<LinePlot>(*d->shown);
}

QSize LineChart::sizeHint() const { return {420, 220}; }

void LineChart::paintEvent(QPaintEvent*)
{
    const double scale = devicePixelRatioF();
    const QSize pixels = (QSizeF(size()) * scale).toSize();
    if (!d->painted || d->picture.size() != pixels || d->picture.devicePixelRatio() != scale) {
        if (d->picture.size() != pixels) // kept where it can be: a new one a frame would cost as much as the lines
            d->picture = QPixmap(pixels);
        d->picture.setDevicePixelRatio(scale);
        d->picture.fill(d->theme.colors().card);
        QPainter painter(&d->picture);
        d->shown->paint(painter, QRectF(rect()), d->theme);
        d->painted = true;
    }
    QPainter painter(this);
    painter.drawPixmap(0, 0, d->picture);
    d->paintCrosshair(painter);
}

void LineChart::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    d->refresh();
}

void LineChart::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    if (d->stale)
        d->refresh();
}

void LineChart::mouseMoveEvent(QMouseEvent* event)
{
    const QPointF at = event->position();
    if (d->dragFrom)
        d->panBy(*d->dragFrom - d->frame.valueAt(at.x()));
    d->cursor->set(d->frame.plot.contains(at) ? std::optional(d->frame.valueAt(at.x())) : std::nullopt);
}

void LineChart::mousePressEvent(QMouseEvent* event)
{
    setFocus(Qt::MouseFocusReason);
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton)
        d->dragFrom = d->frame.valueAt(event->position().x());
}

void LineChart::mouseReleaseEvent(QMouseEvent*) { d->dragFrom.reset(); }

void LineChart::mouseDoubleClickEvent(QMouseEvent*) { fit(); }

void LineChart::leaveEvent(QEvent*) { d->cursor->set(std::nullopt); }

void LineChart::wheelEvent(QWheelEvent* event)
{
    if (const double factor = AxisZoom::factor(*event); factor != 1.0)
        d->zoomBy(factor, d->frame.valueAt(event->position().x()));
    event->accept();
}

void LineChart::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copyPicture(*toPlot(), size(), d->theme);
    else if (const auto moved = d->zoom.pressed(*event, d->everything(), {d->frame.xMin, d->frame.xMax}); !moved)
        QWidget::keyPressEvent(event);
    else if (*moved)
        d->refresh();
}

void LineChart::contextMenuEvent(QContextMenuEvent* event)
{
    const QPoint at = event->reason() == QContextMenuEvent::Mouse ? event->globalPos() : mapToGlobal(rect().center());
    PlotAction save;
    if (d->saveCsv) {
        save.text = tr("Save every point as CSV…");
        save.triggered = [this] {
            QString path = QFileDialog::getSaveFileName(this, tr("Save the points"), QStringLiteral("curves.csv"), tr("Table (*.csv)"));
            if (path.isEmpty())
                return;
            if (!path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive))
                path += QLatin1String(".csv");
            d->saveCsv(path, columns());
        };
    }
    const auto extend = [this](QMenu& menu) {
        addZoomActions(menu, isFitted(), [this](Qt::Key key) {
            QKeyEvent pressed(QEvent::KeyPress, key, Qt::NoModifier);
            keyPressEvent(&pressed);
        });
        if (d->extendMenu)
            d->extendMenu(menu);
    };
    showPlotMenu(std::shared_ptr<const Plot>(toPlot()), size(), d->theme, this, at, save, extend);
}

} // namespace limpid
